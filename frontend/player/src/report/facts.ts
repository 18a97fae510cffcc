// The facts that the player reports. Names and meaning are the contract with audience/wire.py, and are described in
// docs/reference/player.md. Times are milliseconds: positions in the film, or the server's clock since 1970.

export type Kind =
  | "impression"
  | "presence"
  | "play"
  | "segment"
  | "pause"
  | "seek"
  | "buffer"
  | "quality"
  | "speed"
  | "error"
  | "call"
  | "ad";

export interface Fact {
  /** Its number in this page load; a later version of the same number takes its place. */
  readonly n: number;
  readonly kind: Kind;
  readonly startedAtMs: number;
  version: number;
  finishedAtMs?: number;
  finished?: boolean;
  play?: number;
  fromMs?: number;
  toMs?: number;
  speed?: number;
  pageLoadMs?: number | null;
  playerStartupMs?: number | null;
  startupMs?: number | null;
  hidden?: boolean;
  autoplay?: boolean;
  muted?: boolean;
  auto?: boolean;
  heightPx?: number;
  bitrateBps?: number;
  streamFormat?: string;
  code?: string;
  label?: string;
  action?: string;
  adImpression?: string;
}

export type Details = Omit<Partial<Fact>, "n" | "kind" | "version" | "startedAtMs">;
