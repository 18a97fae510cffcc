// What a press on the picture does. Mouse: play or pause, twice for full screen. Touch: show or hide
// the controls, twice at a side to jump ten seconds.

import type { Player } from "../player";
import type { Activity } from "./activity";

const DOUBLE_TAP_MS = 300;

export function connectGestures(
  surface: HTMLElement,
  player: Player,
  activity: Activity,
  ports: { toggleFullscreen: () => void; jumped: (direction: 1 | -1) => void },
): void {
  let lastTapMs = 0;
  let wasVisible = true;
  surface.addEventListener("pointerdown", () => {
    wasVisible = activity.visible;
  }, { capture: true });

  const tap = (event: PointerEvent): void => {
    const box = surface.getBoundingClientRect();
    const place = (event.clientX - box.left) / box.width;
    const isDouble = event.timeStamp - lastTapMs < DOUBLE_TAP_MS;
    lastTapMs = event.timeStamp;
    if (isDouble && (place < 0.35 || place > 0.65)) {
      const direction = place < 0.5 ? -1 : 1;
      player.seek(player.currentTime + 10 * direction);
      ports.jumped(direction);
      return;
    }
    if (wasVisible) activity.hide();
    else activity.wake();
  };

  surface.addEventListener("click", (event) => {
    const pointer = event as PointerEvent;
    if (pointer.pointerType === "touch") tap(pointer);
    else if (player.loaded || event.detail < 2) player.toggle(); // a double press does not take back a start
  });
  surface.addEventListener("dblclick", (event) => {
    if ((event as PointerEvent).pointerType !== "touch") ports.toggleFullscreen();
  });
}
