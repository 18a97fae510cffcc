// The calls to action on the picture: each a link that opens in a new tab and, where its owner allows
// it, a button that takes it away.

import type { CallsToAction } from "../calls_to_action";
import type { CallToAction } from "../config";
import { el } from "../dom";
import { STRINGS } from "../strings";
import { IconButton } from "./button";

export class CallsLayer {
  /** A live region: what comes is spoken, wherever the viewer is. */
  readonly element = el("div", {
    class: "fh-calls", role: "group", "aria-label": STRINGS.callsToAction, "aria-live": "polite",
  });
  readonly #shown = new Map<string, HTMLElement>();

  /** `leave` finds a place for the focus when the viewer skipped what had it. */
  constructor(
    private readonly calls: CallsToAction,
    private readonly leave: () => void,
  ) {
    calls.events.on("due", (due) => this.#show(due));
  }

  /** Leaves what stays untouched, so that it keeps the focus. */
  #show(due: readonly CallToAction[]): void {
    const ids = new Set(due.map((call) => call.id));
    for (const [id, element] of this.#shown) {
      if (ids.has(id)) continue;
      element.remove();
      this.#shown.delete(id);
    }
    for (const call of due) {
      if (this.#shown.has(call.id)) continue;
      const element = this.#make(call);
      this.#shown.set(call.id, element);
      this.element.append(element);
    }
  }

  #make(call: CallToAction): HTMLElement {
    const link = el("a", { class: "fh-call-link", href: call.url, target: "_blank", rel: "noopener", dir: "auto" }, [call.text]);
    link.addEventListener("click", () => this.calls.follow(call));
    link.addEventListener("auxclick", (event) => {
      if (event.button === 1) this.calls.follow(call); // the middle button opens a tab as well
    });
    const element = el("div", { class: "fh-call" }, [link]);
    if (call.skippable) {
      const skip = new IconButton("close", STRINGS.hideLink(call.text), () => {
        const hadFocus = element.contains(document.activeElement);
        this.calls.skip(call);
        if (hadFocus) this.leave();
      }, "fh-call-skip");
      element.append(skip.element);
    }
    return element;
  }
}
