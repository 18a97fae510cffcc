// Calls of the console's JSON API. Every failure is an ApiError with a message that can be shown.

import type { Session, Upload, Video, VideoChanges } from "./types";

export const BASE = document.documentElement.dataset["base"] ?? "";
const UNREACHABLE = "The server cannot be reached. Check your connection.";

export class ApiError extends Error {
  constructor(
    message: string,
    /** HTTP status; 0 when there was no answer. */
    readonly status: number,
    readonly fields: Readonly<Record<string, string>> = {},
    readonly retryAfterS: number | null = null,
  ) {
    super(message);
  }
}

let csrfToken = "";
/** Called when an answer says that the session has ended. */
let signedOut = (): void => {};

export function onSignedOut(action: () => void): void {
  signedOut = action;
}

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = {};
  if (method !== "GET") headers["X-CSRF-Token"] = csrfToken;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const request: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store" };
  if (body !== undefined) request.body = JSON.stringify(body);
  if (signal) request.signal = signal;
  let response: Response;
  try {
    response = await fetch(`${BASE}/api${path}`, request);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(UNREACHABLE, 0);
  }
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  const failure = await failureOf(response);
  if (response.status === 401 && path !== "/session") signedOut();
  throw failure;
}

async function failureOf(response: Response): Promise<ApiError> {
  const wait = Number(response.headers.get("Retry-After"));
  const retryAfterS = Number.isFinite(wait) && wait > 0 ? wait : null;
  try {
    const { error, fields } = (await response.json()) as { error: string; fields?: Record<string, string> };
    return new ApiError(sentence(error), response.status, fields ?? {}, retryAfterS);
  } catch {
    return new ApiError(`The server answered with an error (${response.status}).`, response.status, {}, retryAfterS);
  }
}

function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

function keep(session: Session): Session {
  csrfToken = session.csrfToken;
  return session;
}

export const api = {
  /** Null when nobody is signed in. */
  async session(): Promise<Session | null> {
    const session = await call<Session | undefined>("GET", "/session");
    return session ? keep(session) : null;
  },
  signIn: async (email: string, password: string) => keep(await call<Session>("POST", "/session", { email, password })),
  signOut: () => call<void>("DELETE", "/session"),
  videos: (offset: number, limit: number, search: string) => {
    const query = new URLSearchParams({ offset: String(offset), limit: String(limit) });
    if (search) query.set("search", search);
    return call<{ videos: Video[]; total: number }>("GET", `/videos?${query}`);
  },
  video: (id: string) => call<Video>("GET", `/videos/${id}`),
  change: (id: string, changes: VideoChanges) => call<Video>("PATCH", `/videos/${id}`, changes),
  remove: (id: string) => call<void>("DELETE", `/videos/${id}`),
  work: (id: string) => call<{ lines: string[] }>("GET", `/videos/${id}/work`),
  cancel: (id: string) => call<Video>("POST", `/videos/${id}/cancel`),
  runAgain: (id: string) => call<Video>("POST", `/videos/${id}/run-again`),
  startUpload: (file: File, signal: AbortSignal) =>
    call<Upload>(
      "POST",
      "/uploads",
      { file_name: file.name, size_bytes: file.size, mime_type: file.type || null },
      signal,
    ),
  upload: (id: string, signal?: AbortSignal) => call<Upload>("GET", `/uploads/${id}`, undefined, signal),
  partUrl: async (id: string, number: number, signal: AbortSignal) =>
    (await call<{ url: string }>("POST", `/uploads/${id}/parts/${number}`, undefined, signal)).url,
  completeUpload: (id: string, parts: { number: number; etag: string }[], signal: AbortSignal) =>
    call<Video>("POST", `/uploads/${id}/complete`, { parts }, signal),
  abortUpload: (id: string) => call<void>("DELETE", `/uploads/${id}`),
};
