// Asking the server about the video again: a fresh config (progress, a new ticket) and what the viewer
// entered. Answers are the page's own config shape, whatever the HTTP status.

import { isConfig, parseConfig, type PlayerConfig } from "./config";

export interface StatusAnswer {
  readonly config: PlayerConfig | null;
  /** The HTTP status, or 0 when there was no answer. */
  readonly status: number;
  /** The server's wish (RFC 9110 section 10.2.3), in seconds; null when it has none. */
  readonly retryAfterS: number | null;
}

const TIMEOUT_MS = 15_000;

/** Retry-After as seconds: either a number of them or an HTTP date. */
export function retryAfterSeconds(header: string | null, nowMs: number): number | null {
  if (header === null || header.trim() === "") return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const dateMs = Date.parse(header);
  return Number.isNaN(dateMs) ? null : Math.max(0, (dateMs - nowMs) / 1000);
}

/** Never rejects: no connection is an answer without a config. */
async function ask(url: string, init: RequestInit): Promise<StatusAnswer> {
  try {
    const response = await fetch(url, { ...init, cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
    const retryAfterS = retryAfterSeconds(response.headers.get("Retry-After"), Date.now());
    const body: unknown = await response.json().catch(() => null);
    return { config: isConfig(body) ? parseConfig(body) : null, status: response.status, retryAfterS };
  } catch {
    return { config: null, status: 0, retryAfterS: null };
  }
}

/** GET, for statusUrl. */
export function fetchStatus(url: string): Promise<StatusAnswer> {
  return ask(url, { headers: { Accept: "application/json" } });
}

/** POST as a form, for passwordUrl, loginUrl, contact.url and startUrl. */
export function sendForm(url: string, fields: Readonly<Record<string, string>>): Promise<StatusAnswer> {
  return ask(url, { method: "POST", body: new URLSearchParams(fields) });
}

/** Waits between polls: 2 s growing to 15 s, never less than the server asked for. */
export class PollDelay {
  #nextS = 2;

  reset(): void {
    this.#nextS = 2;
  }

  next(retryAfterS: number | null): number {
    const delayS = Math.max(this.#nextS, retryAfterS ?? 0);
    this.#nextS = Math.min(15, this.#nextS * 1.4);
    return Math.min(delayS, 300) * 1000;
  }
}
