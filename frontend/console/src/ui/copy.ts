// Copying text to the clipboard, also where the page is not a secure context.

import { el } from "../dom";
import { toast } from "./toast";

export async function copy(text: string, told: string): Promise<void> {
  if (await written(text)) toast(told);
  else window.prompt("Copy this:", text);
}

async function written(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelecting(text);
  }
}

function copyBySelecting(text: string): boolean {
  const area = el("textarea", { class: "offscreen", readonly: true });
  area.value = text;
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  return copied;
}
