// Buttons and links that look like them.

import { el } from "../dom";
import { icon, type IconName } from "../icons";
import { toastError } from "./toast";

type Look = "primary" | "plain" | "quiet" | "danger";

/** A button whose action may take a while: it cannot be pressed again meanwhile, and errors are shown. */
export function button(label: string, look: Look, action: () => unknown, pictogram?: IconName): HTMLButtonElement {
  const element = el("button", { type: "button", class: `button button-${look}` }, [
    pictogram ? icon(pictogram) : null,
    el("span", {}, [label]),
  ]);
  element.addEventListener("click", () => {
    const outcome = action();
    if (outcome instanceof Promise) void busy(element, outcome);
  });
  return element;
}

/** Only a pictogram is seen; `label` is its name and tooltip. */
export function iconButton(label: string, pictogram: IconName, action: () => unknown): HTMLButtonElement {
  const element = button(label, "quiet", action, pictogram);
  element.classList.add("button-icon");
  element.title = label;
  return element;
}

export async function busy(element: HTMLButtonElement, work: Promise<unknown>): Promise<void> {
  element.disabled = true;
  try {
    await work;
  } catch (error) {
    toastError(error);
  } finally {
    element.disabled = false;
  }
}

/** A link to another address of the console. */
export function routeLink(path: string, base: string, attributes: Record<string, string>, children: (Node | string)[]) {
  return el("a", { href: `${base}${path}`, "data-route": path, ...attributes }, children);
}
