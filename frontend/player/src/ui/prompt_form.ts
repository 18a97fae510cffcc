// The form of a prompt: asks, says what was wrong, keeps the viewer from trying again too soon, and
// hands what was entered to whoever checks it.

import { el, setText } from "../dom";
import { clockTime } from "../format";
import { STRINGS } from "../strings";

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: "text" | "email" | "password";
  /** What password managers and browsers fill in (HTML, autofill detail tokens). */
  readonly autocomplete: "username" | "email" | "name" | "current-password";
  /** What is said when nothing was entered. */
  readonly empty: string;
}

export interface PromptText {
  readonly fields: readonly Field[];
  /** The words of a box to tick, sent as `consent`; left out without one. */
  readonly consent?: string;
  readonly submit: string;
}

export interface Refusal {
  readonly message: string;
  /** Seconds until another try is of use; 0 for at once. */
  readonly waitS: number;
}

type Send = (values: Readonly<Record<string, string>>) => Promise<Refusal | null>;

const ERROR_ID = "fh-prompt-error";

/** `send` answers a refusal to show, or null when the prompt has done its work. */
export function promptForm(text: PromptText, send: Send): HTMLFormElement {
  return new PromptForm(text, send).element;
}

class PromptForm {
  readonly element: HTMLFormElement;
  readonly #inputs: readonly HTMLInputElement[];
  readonly #consent = el("input", { type: "checkbox", name: "consent" });
  readonly #button: HTMLButtonElement;
  readonly #error = el("p", { class: "fh-panel-error", id: ERROR_ID, role: "alert" });

  constructor(
    private readonly text: PromptText,
    private readonly send: Send,
  ) {
    const { fields, consent, submit } = text;
    this.#inputs = fields.map(({ name, type, label, autocomplete }) => el("input", {
      type, class: "fh-input", name, autocomplete, placeholder: label, required: true,
      "aria-describedby": ERROR_ID, ...(type === "text" ? {} : { autocapitalize: "none", spellcheck: "false" }),
    }));
    this.#button = el("button", { type: "submit", class: "fh-text-button" }, [submit]);
    const labels = fields.map(({ label }, index) =>
      el("label", { class: "fh-field" }, [el("span", {}, [label]), this.#inputs[index] ?? ""]));
    const box = consent === undefined ? [] : [el("label", { class: "fh-consent" }, [this.#consent, consent])];
    // Our own words instead of the browser's bubbles, which small frames cut off.
    this.element = el("form", { class: fields.length + box.length > 1 ? "fh-form fh-form-tall" : "fh-form", novalidate: true }, [
      el("div", { class: "fh-form-row" }, [...labels, ...box, this.#button]),
      this.#error,
    ]);
    this.element.addEventListener("submit", (event) => {
      event.preventDefault(); // the page's policy forbids real form posts: fetch does it
      if (!this.#button.disabled) void this.#submit();
    });
  }

  async #submit(): Promise<void> {
    if (!this.#isComplete()) return;
    const values = Object.fromEntries(
      this.#inputs.map(({ name, type, value }) => [name, type === "password" ? value : value.trim()]));
    if (this.text.consent !== undefined) values["consent"] = String(this.#consent.checked);
    this.#button.disabled = true;
    setText(this.#error, STRINGS.checking);
    const refusal = await this.send(values);
    this.#button.disabled = false;
    setText(this.#error, refusal?.message ?? "");
    if (refusal === null) return;
    const last = this.#inputs.at(-1);
    if (last) this.#mark(last);
    if (refusal.waitS > 0) this.#wait(refusal.waitS);
  }

  #isComplete(): boolean {
    for (const [index, input] of this.#inputs.entries()) {
      input.removeAttribute("aria-invalid");
      const isEmpty = input.type === "password" ? input.value === "" : input.value.trim() === "";
      const wrong = isEmpty ? this.text.fields[index]?.empty : input.validity.valid ? null : STRINGS.emailWrong;
      if (wrong == null) continue;
      setText(this.#error, wrong);
      this.#mark(input);
      return false;
    }
    return true;
  }

  #mark(input: HTMLInputElement): void {
    input.setAttribute("aria-invalid", "true");
    input.focus();
    input.select();
  }

  /** Counts down on the button: the alert beside it is read once, and not every second. */
  #wait(seconds: number): void {
    const endMs = Date.now() + seconds * 1000;
    this.#button.disabled = true;
    const tick = (): void => {
      const leftS = Math.ceil((endMs - Date.now()) / 1000);
      this.#button.disabled = leftS > 0;
      setText(this.#button, leftS > 0 ? STRINGS.waitFor(clockTime(leftS)) : this.text.submit);
      if (leftS > 0) return;
      window.clearInterval(timer);
      setText(this.#error, "");
    };
    const timer = window.setInterval(tick, 500);
    tick();
  }
}
