// A question that needs an answer before something is lost.

import { el } from "../dom";

/** True when the person agreed. The harmless answer has the focus; Escape is it, too. */
export function confirmLoss(title: string, text: string, agree: string): Promise<boolean> {
  return new Promise((resolve) => {
    const answer = (yes: boolean) => () => {
      dialog.close();
      dialog.remove();
      resolve(yes);
    };
    const no = el("button", { type: "button", class: "button button-plain", onclick: answer(false) }, ["Cancel"]);
    const yes = el("button", { type: "button", class: "button button-danger", onclick: answer(true) }, [agree]);
    const heading = el("h2", { id: "dialog-title" }, [title]);
    const dialog = el("dialog", { class: "dialog", "aria-labelledby": "dialog-title", oncancel: answer(false) }, [
      heading,
      el("p", {}, [text]),
      el("div", { class: "row row-end" }, [no, yes]),
    ]);
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  });
}
