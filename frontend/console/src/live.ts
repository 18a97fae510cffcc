// Live updates: one stream of server-sent events for the page, open only while the page is seen.

import { api, BASE } from "./api";
import type { Video } from "./types";

export interface LiveListener {
  /** The stream (re)opened: read again what is shown, from here on every change is told. */
  ready(): void;
  video(video: Video): void;
  /** Videos came or went. */
  list(): void;
}

const RETRY_MS = 3000;
const listeners = new Set<LiveListener>();
let source: EventSource | null = null;
let wanted = false;
let retry = 0;

/** Returns how to stop listening. */
export function listen(listener: LiveListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function startLive(): void {
  wanted = true;
  open();
}

export function stopLive(): void {
  wanted = false;
  close();
}

function open(): void {
  if (source !== null || !wanted || document.hidden) return;
  source = new EventSource(`${BASE}/api/events`);
  source.addEventListener("ready", () => listeners.forEach((listener) => listener.ready()));
  source.addEventListener("video", (event) => {
    const video = JSON.parse((event as MessageEvent<string>).data) as Video;
    listeners.forEach((listener) => listener.video(video));
  });
  source.addEventListener("list", () => listeners.forEach((listener) => listener.list()));
  source.addEventListener("signed-out", checkSession);
  source.addEventListener("error", () => {
    // A lost connection is taken up again by the browser; an answer that is no stream is not.
    if (source?.readyState !== EventSource.CLOSED) return;
    checkSession();
    retry = window.setTimeout(open, RETRY_MS);
  });
}

function checkSession(): void {
  close();
  // Any other call than the session's own says so when nobody is signed in any more.
  void api.videos(0, 1, "").catch(() => {});
}

function close(): void {
  window.clearTimeout(retry);
  source?.close();
  source = null;
}

document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
