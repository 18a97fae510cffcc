// What covers the picture instead of the controls: being prepared, failed, denied, a prompt, and
// problems while playing. One panel at a time.

import type { PlayerConfig } from "../config";
import { el, setText, setVisible } from "../dom";
import type { FailureKind } from "../failure";
import type { Problem } from "../recovery";
import { STRINGS } from "../strings";
import { icon, type IconName } from "./icons";

interface PanelText {
  readonly icon: IconName;
  readonly title: string;
  readonly body: string;
}

export interface Prompt extends PanelText {
  readonly kind: string;
  readonly form: HTMLFormElement;
}

const PROBLEMS: Record<FailureKind, PanelText> = {
  network: { icon: "warning", title: STRINGS.networkTitle, body: STRINGS.networkBody },
  notfound: { icon: "film", title: STRINGS.notFoundTitle, body: STRINGS.notFoundBody },
  expired: { icon: "lock", title: STRINGS.expiredTitle, body: STRINGS.expiredBody },
  decode: { icon: "warning", title: STRINGS.decodeTitle, body: STRINGS.decodeBody },
  drm: { icon: "lock", title: STRINGS.drmTitle, body: STRINGS.drmBody },
  unsupported: { icon: "warning", title: STRINGS.unsupportedTitle, body: STRINGS.unsupportedBody },
  manifest: { icon: "warning", title: STRINGS.unknownTitle, body: STRINGS.unknownBody },
  unknown: { icon: "warning", title: STRINGS.unknownTitle, body: STRINGS.unknownBody },
};

export class Panels {
  readonly element = el("div", { class: "fh-panel", hidden: true });
  #shown = "none";
  #countdown: number | undefined;
  #progress: { bar: HTMLProgressElement; words: HTMLElement } | null = null;

  /** The name of what is shown; "none" while the film is. */
  get shown(): string {
    return this.#shown;
  }

  hide(): void {
    this.#start("none");
    setVisible(this.element, false);
  }

  /** Shows progress; called again with news it changes the numbers only. */
  processing(config: PlayerConfig): void {
    if (this.#shown !== "processing" || this.#progress === null) {
      this.#start("processing");
      const bar = el("progress", { class: "fh-progress", max: 100, "aria-label": STRINGS.processingTitle });
      const words = el("p", { class: "fh-panel-detail", role: "status" });
      this.#progress = { bar, words };
      this.#fill({ icon: "film", title: STRINGS.processingTitle, body: config.message ?? STRINGS.processingBody }, [bar, words], "group");
    }
    const { progressPercent } = config;
    const { bar, words } = this.#progress;
    if (progressPercent === null) return bar.removeAttribute("value");
    const percent = Math.round(Math.min(100, Math.max(0, progressPercent)));
    bar.value = percent;
    setText(words, STRINGS.processingPercent(percent));
  }

  failed(config: PlayerConfig): void {
    this.#start("failed");
    this.#fill({ icon: "warning", title: STRINGS.failedTitle, body: config.message ?? STRINGS.failedBody }, []);
  }

  denied(config: PlayerConfig): void {
    this.#start("denied");
    this.#fill({ icon: "lock", title: STRINGS.deniedTitle, body: config.message ?? STRINGS.deniedBody }, []);
  }

  /** Whoever is in our frame already goes on in the form; nobody is taken out of the page around it. */
  prompt(prompt: Prompt): void {
    this.#start(prompt.kind);
    this.#fill(prompt, [prompt.form], "group");
    if (document.hasFocus()) prompt.form.querySelector("input")?.focus({ preventScroll: true });
  }

  /** Shows a problem with a button, and a countdown when the player tries again by itself. */
  problem(problem: Problem, retry: () => void): void {
    const hadFocus = this.element.contains(document.activeElement);
    this.#start("error");
    const button = el("button", { type: "button", class: "fh-text-button" }, [STRINGS.retry]);
    const words = el("p", { class: "fh-panel-detail" });
    button.addEventListener("click", () => {
      window.clearInterval(this.#countdown);
      setText(words, STRINGS.retrying);
      retry();
    });
    this.#fill(PROBLEMS[problem.kind], [button, words]);
    this.element.dataset["kind"] = problem.kind;
    this.element.dataset["detail"] = problem.detail;
    if (hadFocus) button.focus();
    const { retryAtMs } = problem;
    if (retryAtMs !== null) this.#countDown(retryAtMs, words);
  }

  #countDown(retryAtMs: number, words: HTMLElement): void {
    const tick = (): void => {
      const leftS = Math.ceil((retryAtMs - Date.now()) / 1000);
      setText(words, leftS > 0 ? STRINGS.retryIn(leftS) : STRINGS.retrying);
    };
    tick();
    this.#countdown = window.setInterval(tick, 500);
  }

  #start(shown: string): void {
    window.clearInterval(this.#countdown);
    this.#progress = null;
    this.#shown = shown;
    delete this.element.dataset["kind"];
    delete this.element.dataset["detail"];
  }

  #fill(text: PanelText, extra: readonly HTMLElement[], role: "alert" | "group" = "alert"): void {
    this.element.replaceChildren(
      el("div", { class: "fh-panel-box", role, "aria-label": text.title }, [
        icon(text.icon),
        el("h2", { class: "fh-panel-title" }, [text.title]),
        el("p", { class: "fh-panel-body", dir: "auto" }, [text.body]),
        ...extra,
      ]),
    );
    setVisible(this.element, true);
  }
}
