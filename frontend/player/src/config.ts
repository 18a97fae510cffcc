// What the page tells the player: the JSON in <script id="framehouse-config"> and the answers of
// statusUrl and passwordUrl, all of one shape. Field names are the contract with edge/embed_page.py.

export type State = "playable" | "processing" | "failed" | "password" | "denied";

export interface Caption {
  readonly language: string;
  readonly label: string;
  readonly url: string;
  readonly kind: string;
}

export interface Chapter {
  readonly startMs: number;
  readonly endMs: number;
  readonly title: string;
}

export interface PlayerConfig {
  readonly videoId: string;
  readonly title: string;
  readonly state: State;
  readonly message: string | null;
  readonly progressPercent: number | null;
  readonly manifests: { readonly hls: string | null; readonly dash: string | null };
  readonly poster: string | null;
  readonly storyboard: string | null;
  readonly durationMs: number | null;
  readonly captions: readonly Caption[];
  readonly chapters: readonly Chapter[];
  readonly themeColor: string | null;
  readonly autoplay: boolean;
  readonly muted: boolean;
  readonly loop: boolean;
  readonly startMs: number;
  readonly statusUrl: string | null;
  readonly passwordUrl: string | null;
  readonly license: { readonly clearKeyUrl: string } | null;
  readonly resume: boolean;
}

const STATES: readonly string[] = ["playable", "processing", "failed", "password", "denied"];

const DEFAULTS: PlayerConfig = {
  videoId: "",
  title: "",
  state: "failed",
  message: null,
  progressPercent: null,
  manifests: { hls: null, dash: null },
  poster: null,
  storyboard: null,
  durationMs: null,
  captions: [],
  chapters: [],
  themeColor: null,
  autoplay: false,
  muted: false,
  loop: false,
  startMs: 0,
  statusUrl: null,
  passwordUrl: null,
  license: null,
  resume: true,
};

/** True for an object that carries a config's one indispensable field. */
export function isConfig(value: unknown): value is Partial<PlayerConfig> {
  if (typeof value !== "object" || value === null || !("state" in value)) return false;
  return typeof value.state === "string" && STATES.includes(value.state);
}

/** Fills what a config leaves out. Throws on anything that is not one. */
export function parseConfig(value: unknown): PlayerConfig {
  if (!isConfig(value)) throw new Error("not a player configuration");
  return { ...DEFAULTS, ...value };
}

/** Reads the page's own configuration. Throws when the page has none. */
export function readPageConfig(): PlayerConfig {
  const element = document.getElementById("framehouse-config");
  return parseConfig(JSON.parse(element?.textContent ?? "null"));
}
