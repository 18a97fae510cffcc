// Asking the server about the video again: a fresh config (progress, a new ticket) and the password
// prompt. Answers are the page's own config shape, whatever the HTTP status.

import { isConfig, parseConfig, type PlayerConfig } from "./config";

export interface StatusAnswer {
  readonly config: PlayerConfig | null;
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

async function ask(url: string, init: RequestInit): Promise<StatusAnswer> {
  const response = await fetch(url, { ...init, cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
  const retryAfterS = retryAfterSeconds(response.headers.get("Retry-After"), Date.now());
  const body: unknown = await response.json().catch(() => null);
  return { config: isConfig(body) ? parseConfig(body) : null, retryAfterS };
}

/** GET statusUrl. Never rejects: no connection is an answer without a config. */
export async function fetchStatus(url: string): Promise<StatusAnswer> {
  try {
    return await ask(url, { headers: { Accept: "application/json" } });
  } catch {
    return { config: null, retryAfterS: null };
  }
}

/** POST passwordUrl with the form field `password`. Rejects when the server cannot be reached. */
export async function sendPassword(url: string, password: string): Promise<StatusAnswer> {
  return ask(url, { method: "POST", body: new URLSearchParams({ password }) });
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
