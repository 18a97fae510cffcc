// What a video's state and privacy are called, and the code that puts it into another page.

import type { Privacy, Video } from "./types";
import { between } from "./format";

export type Tone = "calm" | "busy" | "good" | "bad";

export interface StateWords {
  readonly label: string;
  readonly tone: Tone;
  /** A sentence for the owner; empty when there is nothing to say. */
  readonly detail: string;
}

export function stateWords(video: Video): StateWords {
  switch (video.state) {
    case "received":
      return { label: "Inspecting", tone: "busy", detail: video.reason ?? "Received. Its contents are looked at." };
    case "processing": {
      const percent = `${video.progressPercent}%`;
      return video.playable
        ? { label: "Playable", tone: "good", detail: `Better qualities are being made: ${percent}.` }
        : { label: "Preparing", tone: "busy", detail: video.reason ?? `Being encoded: ${percent}.` };
    }
    case "complete":
      return { label: "Complete", tone: "good", detail: "" };
    case "failed":
      return { label: video.playable ? "Partly failed" : "Failed", tone: "bad", detail: video.reason ?? "It failed." };
  }
}

export const PRIVACY: Readonly<Record<Privacy, { readonly label: string; readonly hint: string }>> = {
  public: { label: "Public", hint: "Anybody with the link can watch, and any page can embed it." },
  private: { label: "Private", hint: "Its page opens for you only. Pages with the embed code still play it." },
  password: { label: "Password", hint: "Its page asks for a password." },
  login: { label: "Viewer login", hint: "For viewers with a login of their own." },
};

/** How long after its arrival it could be watched, and was finished. */
export function timesLine(video: Video): string {
  if (video.receivedAt === null) return "";
  const parts: string[] = [];
  if (video.playableAt) parts.push(`playable after ${between(video.receivedAt, video.playableAt)}`);
  if (video.completeAt) parts.push(`complete after ${between(video.receivedAt, video.completeAt)}`);
  return parts.join(", ");
}

let publicOrigin: string | null = null;

export function setPublicOrigin(origin: string | null): void {
  publicOrigin = origin;
}

/** An address for other people and pages. */
export function absolute(path: string): string {
  return `${publicOrigin ?? location.origin}${path}`;
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export function embedCode(video: Video): string {
  const width = 640;
  const ratio = video.width && video.height ? video.height / video.width : 9 / 16;
  const title = video.title.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);
  return (
    `<iframe src="${absolute(video.embedPath)}" title="${title}" width="${width}" ` +
    `height="${Math.round(width * ratio)}" style="border:0" ` +
    `allow="autoplay; fullscreen; picture-in-picture; encrypted-media" allowfullscreen></iframe>`
  );
}
