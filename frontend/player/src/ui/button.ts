// A round icon button with a name, a tooltip and, when it switches something, a pressed state.

import { el, setAttribute, setVisible } from "../dom";
import { icon, type IconName } from "./icons";

export class IconButton {
  readonly element: HTMLButtonElement;
  #icon: IconName;

  constructor(name: IconName, label: string, press: () => void, className = "") {
    this.element = el("button", { type: "button", class: `fh-button ${className}`.trim() }, [icon(name)]);
    this.#icon = name;
    this.label = label;
    this.element.addEventListener("click", press);
  }

  set label(label: string) {
    this.element.setAttribute("aria-label", label);
    this.element.dataset["tooltip"] = label;
  }

  set icon(name: IconName) {
    if (name === this.#icon) return;
    this.#icon = name;
    this.element.replaceChildren(icon(name));
  }

  set pressed(pressed: boolean) {
    setAttribute(this.element, "aria-pressed", String(pressed));
  }

  set expanded(expanded: boolean) {
    setAttribute(this.element, "aria-expanded", String(expanded));
  }

  set visible(visible: boolean) {
    setVisible(this.element, visible);
  }
}
