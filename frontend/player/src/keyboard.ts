// Keyboard shortcuts for the whole page. Widgets that use a key themselves (sliders, menus, text
// fields, a focused button's Space) call preventDefault or are left alone here.

import type { Player } from "./player";

export interface KeyboardPorts {
  readonly toggleFullscreen: () => void;
  /** Something was done by key: show the controls and say what happened. */
  readonly acted: (what: string) => void;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

function action(key: string, player: Player, ports: KeyboardPorts): (() => void) | null {
  if (/^[0-9]$/.test(key)) {
    const { start, end } = player.range;
    return () => player.seek(start + ((end - start) * Number(key)) / 10);
  }
  switch (key) {
    case " ":
    case "k":
      return () => player.toggle();
    case "ArrowLeft":
      return () => player.seek(player.currentTime - 5);
    case "ArrowRight":
      return () => player.seek(player.currentTime + 5);
    case "j":
      return () => player.seek(player.currentTime - 10);
    case "l":
      return () => player.seek(player.currentTime + 10);
    case "ArrowUp":
      return () => player.setVolume(player.video.volume + 0.1);
    case "ArrowDown":
      return () => player.setVolume(player.video.volume - 0.1);
    case "m":
      return () => player.setMuted(!player.video.muted);
    case "f":
      return () => ports.toggleFullscreen();
    case "c":
      return () => player.toggleCaptions();
    case "<":
      return () => player.stepSpeed(-1);
    case ">":
      return () => player.stepSpeed(1);
    default:
      return null;
  }
}

/** Listens while `enabled()`; a panel over the video (password, error) switches shortcuts off. */
export function connectKeyboard(player: Player, ports: KeyboardPorts, enabled: () => boolean): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!enabled() || isTyping(event.target)) return;
    const onButton = event.target instanceof HTMLButtonElement;
    if (onButton && event.key === " ") return; // the button's own press
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = action(key, player, ports);
    if (act === null) return;
    event.preventDefault();
    act();
    ports.acted(key);
  });
}
