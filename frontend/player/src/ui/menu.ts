// One pop-up menu with pages, as the ARIA menu pattern describes it: arrows move, Escape and Left go
// back, focus returns to the button that opened it. What the pages say is the owner's matter.

import { el, setVisible } from "../dom";
import { STRINGS } from "../strings";
import { icon } from "./icons";

export interface MenuItem {
  readonly label: string;
  /** Shown small at the right: the present choice, or a time. */
  readonly detail?: string;
  /** Set for one of several choices. */
  readonly checked?: boolean;
  /** Set for an item that leads to a page of the menu. */
  readonly opensPage?: true;
  /** Set for an item that is a link to a file. */
  readonly href?: string;
  readonly choose: () => void;
}

export interface MenuPage {
  readonly title: string;
  readonly items: readonly MenuItem[];
  /** Leads back; left out on a first page. */
  readonly back?: (() => void) | undefined;
  /** The item that has the focus at first, where none is chosen. */
  readonly focused?: number;
}

export class Menu {
  readonly element = el("div", { class: "fh-menu", hidden: true, role: "menu" });
  #opener: HTMLElement | null = null;
  #back: (() => void) | null = null;

  constructor(private readonly changed: (open: boolean, opener: HTMLElement | null) => void) {
    this.element.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("pointerdown", (event) => {
      const target = event.target as Node;
      if (this.open && !this.element.contains(target) && !this.#opener?.contains(target)) this.close(false);
    });
    window.addEventListener("blur", () => this.close(false));
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  get opener(): HTMLElement | null {
    return this.open ? this.#opener : null;
  }

  /** Shows a page, opening the menu if needed, and focuses its chosen (or first) item. */
  show(page: MenuPage, opener: HTMLElement): void {
    this.#opener = opener;
    this.#back = page.back ?? null;
    this.element.setAttribute("aria-label", page.title);
    const items = page.items.map((item) => this.#item(item));
    this.element.replaceChildren(this.#header(page), ...items);
    setVisible(this.element, true);
    this.changed(true, opener);
    const chosen = page.items.findIndex((item) => item.checked === true);
    const first = items[chosen < 0 ? (page.focused ?? 0) : chosen];
    first?.focus({ preventScroll: true });
    first?.scrollIntoView({ block: "nearest" });
  }

  close(returnFocus: boolean): void {
    if (!this.open) return;
    setVisible(this.element, false);
    this.changed(false, this.#opener);
    if (returnFocus) this.#opener?.focus();
  }

  #header(page: MenuPage): HTMLElement {
    const { back } = page;
    if (back === undefined) return el("div", { class: "fh-menu-title", role: "presentation" }, [page.title]);
    const button = el("button", {
      type: "button", class: "fh-menu-title fh-menu-back", role: "menuitem", tabindex: -1,
      "aria-label": `${STRINGS.back}: ${page.title}`,
    }, [icon("back"), page.title]);
    button.addEventListener("click", back);
    return button;
  }

  #item(item: MenuItem): HTMLElement {
    const isChoice = item.checked !== undefined;
    const attributes = {
      class: "fh-menu-item",
      role: isChoice ? "menuitemradio" : "menuitem",
      "aria-checked": isChoice ? String(item.checked) : null,
      "aria-haspopup": item.opensPage ? "menu" : null,
      tabindex: -1,
    };
    const children = [
      ...(isChoice ? [el("span", { class: "fh-menu-check" }, item.checked ? [icon("check")] : [])] : []),
      el("span", { class: "fh-menu-label", dir: "auto" }, [item.label]),
      el("span", { class: "fh-menu-detail", dir: "auto" }, [item.detail ?? ""]),
      ...(item.opensPage ? [icon("forward")] : []),
    ];
    const element = item.href === undefined
      ? el("button", { type: "button", ...attributes }, children)
      : el("a", { href: item.href, download: true, ...attributes }, children);
    element.addEventListener("click", () => {
      item.choose();
      if (isChoice || item.href !== undefined) this.close(true);
    });
    return element;
  }

  #key(event: KeyboardEvent): void {
    const items = [...this.element.querySelectorAll<HTMLElement>("[role^=menuitem]")];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const focus = (index: number): void => items.at(index % items.length)?.focus();
    const moves: Record<string, () => void> = {
      ArrowDown: () => focus(at + 1),
      ArrowUp: () => focus(at - 1),
      Home: () => focus(0),
      End: () => focus(-1),
      ArrowLeft: () => this.#back?.(),
      ArrowRight: () => {
        if (items[at]?.ariaHasPopup === "menu") items[at].click();
      },
      Escape: () => (this.#back ? this.#back() : this.close(true)),
      Tab: () => this.close(true),
    };
    const move = moves[event.key];
    event.stopPropagation(); // no player shortcuts from inside a menu
    if (move === undefined) return;
    event.preventDefault();
    move();
  }
}
