// The password prompt's form: asks, says what was wrong, hands the password to whoever checks it.

import { el, setText } from "../dom";
import { STRINGS } from "../strings";

/** `check` answers the sentence to show, or null when the password was right. */
export function passwordForm(check: (password: string) => Promise<string | null>): HTMLFormElement {
  const input = el("input", {
    type: "password", class: "fh-input", name: "password", autocomplete: "current-password",
    "aria-label": STRINGS.passwordLabel, placeholder: STRINGS.passwordLabel, "aria-describedby": "fh-password-error",
  });
  const button = el("button", { type: "submit", class: "fh-text-button" }, [STRINGS.passwordSubmit]);
  const error = el("p", { class: "fh-panel-error", id: "fh-password-error", role: "alert" });
  const form = el("form", { class: "fh-form" }, [el("div", { class: "fh-form-row" }, [input, button]), error]);

  const submit = async (): Promise<void> => {
    if (input.value === "") {
      setText(error, STRINGS.passwordEmpty);
      input.focus();
      return;
    }
    button.disabled = true;
    setText(error, STRINGS.checking);
    const wrong = await check(input.value);
    button.disabled = false;
    setText(error, wrong ?? "");
    input.setAttribute("aria-invalid", String(wrong !== null));
    if (wrong !== null) input.select();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault(); // the page's policy forbids real form posts: fetch does it
    void submit();
  });
  return form;
}
