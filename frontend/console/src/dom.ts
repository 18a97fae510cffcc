// Building DOM without markup strings, so that the page's strict content security policy holds.

type Attribute = string | number | boolean | null | ((event: never) => void);
type Attributes = Record<string, Attribute>;
export type Child = Node | string | null;

/** Creates an element; `false` and `null` leave an attribute out, a function under `onclick` listens to clicks. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  children: readonly Child[] = [],
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else setAttribute(element, name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

export function setAttribute(element: Element, name: string, value: string | number | boolean | null): void {
  if (value === false || value === null) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** Writes text only when it changed, so that assistive technology is not told twice. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Brings children into an order without touching those already in place: the focus stays where it is. */
export function arrange(parent: Element, wanted: readonly Element[]): void {
  for (const child of [...parent.children]) if (!wanted.includes(child)) child.remove();
  wanted.forEach((node, index) => {
    const there = parent.children[index] ?? null;
    if (there !== node) parent.insertBefore(node, there);
  });
}
