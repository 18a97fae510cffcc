// Copying text to the clipboard from inside somebody else's page, which rarely hands on the permission
// for the Clipboard API: the old way by selecting needs none.

import { el } from "../dom";

/** To be called in the viewer's own click or key press. False when the browser allows neither way. */
export async function copyText(text: string): Promise<boolean> {
  if (copyBySelecting(text)) return true;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function copyBySelecting(text: string): boolean {
  const area = el("textarea", { class: "fh-offscreen", readonly: true, tabindex: -1 });
  area.value = text;
  // Inside the frame's own element: in full screen the rest of the page can have no selection.
  (document.fullscreenElement ?? document.body).append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  return copied;
}
