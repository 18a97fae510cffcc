// What is remembered on the viewer's own device: where they stopped in a video and in a playlist, and
// how they like to watch. Storage may be blocked (an iframe on another site, private windows): then nothing is kept.

interface Preferences {
  readonly volume: number;
  readonly muted: boolean;
  readonly captions: string | null;
}

const PREFERENCES_KEY = "framehouse:preferences";
const RESUME_PREFIX = "framehouse:resume:";
const PLAYLIST_PREFIX = "framehouse:playlist:";
const MAX_AGE_MS = 90 * 24 * 3600 * 1000;
/** Less than this from the start or the end, one starts over. */
const EDGE_S = 5;
const END_SHARE = 0.03;

function read(key: string): unknown {
  try {
    return JSON.parse(window.localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function write(key: string, value: unknown): void {
  try {
    if (value === null) window.localStorage.removeItem(key);
    else window.localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Blocked or full: the film plays without a memory.
  }
}

/** Where this video was left, in seconds; 0 when nowhere worth returning to. */
export function resumePosition(videoId: string, nowMs: number): number {
  const saved = read(RESUME_PREFIX + videoId);
  if (typeof saved !== "object" || saved === null) return 0;
  const { positionS, savedAtMs } = saved as { positionS?: unknown; savedAtMs?: unknown };
  if (typeof positionS !== "number" || typeof savedAtMs !== "number") return 0;
  return nowMs - savedAtMs < MAX_AGE_MS && positionS > 0 ? positionS : 0;
}

/** Remembers a position, or forgets it near either end. */
export function saveResume(videoId: string, positionS: number, durationS: number, nowMs: number): void {
  const tail = Math.max(EDGE_S, durationS * END_SHARE);
  const worthIt = positionS >= EDGE_S && durationS - positionS >= tail;
  write(RESUME_PREFIX + videoId, worthIt ? { positionS, savedAtMs: nowMs } : null);
}

/** The video of this playlist that was last opened, or null. */
export function lastItem(playlistId: string): string | null {
  const saved = read(PLAYLIST_PREFIX + playlistId);
  return typeof saved === "string" ? saved : null;
}

export function saveLastItem(playlistId: string, videoId: string | null): void {
  write(PLAYLIST_PREFIX + playlistId, videoId);
}

export function readPreferences(): Partial<Preferences> {
  const saved = read(PREFERENCES_KEY);
  return typeof saved === "object" && saved !== null ? saved : {};
}

export function savePreferences(change: Partial<Preferences>): void {
  write(PREFERENCES_KEY, { ...readPreferences(), ...change });
}
