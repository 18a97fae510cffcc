// A form field with its label, hint and error, tied together for assistive technology.

import { el, setText } from "../dom";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export interface Field<T extends Control> {
  readonly element: HTMLElement;
  readonly control: T;
  setHint(text: string): void;
  /** Empty text takes the error away. */
  setError(text: string): void;
}

let count = 0;

export function field<T extends Control>(label: string, control: T, hint = ""): Field<T> {
  count += 1;
  const id = `field-${count}`;
  control.id = id;
  const hintElement = el("p", { class: "hint", id: `${id}-hint` }, [hint]);
  const error = el("p", { class: "field-error", id: `${id}-error`, "aria-live": "polite" });
  control.setAttribute("aria-describedby", `${id}-hint ${id}-error`);
  return {
    element: el("div", { class: "field" }, [el("label", { for: id }, [label]), control, hintElement, error]),
    control,
    setHint: (text) => setText(hintElement, text),
    setError: (text) => {
      setText(error, text);
      control.setAttribute("aria-invalid", String(text !== ""));
    },
  };
}
