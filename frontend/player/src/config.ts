// What the page tells the player: the JSON in <script id="framehouse-config"> and the answers of every
// follow-up URL, all of one shape. Field names are the contract with edge/embed_page.py.

const STATES = ["playable", "processing", "failed", "password", "login", "contact", "denied"] as const;
export type State = (typeof STATES)[number];

export interface Caption {
  /** Came with the film: the manifest has it too, once the ladder is encoded. */
  readonly embedded?: boolean;
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

/** A link over the picture from `startMs` on; without `endMs` until the film is over. */
export interface CallToAction {
  readonly id: string;
  readonly text: string;
  readonly url: string;
  readonly startMs: number;
  readonly endMs: number | null;
  readonly skippable: boolean;
}

export interface Download {
  readonly quality: "sd" | "hd" | "original";
  readonly label: string;
  readonly url: string;
}

/** Where and how it is reported what is watched. Not `persistent`: nothing may recognise the viewer the next time. */
export interface ReportConfig {
  readonly url: string;
  readonly ticket: string;
  readonly nowMs: number;
  readonly everyMs: number;
  readonly persistent: boolean;
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
  readonly loginUrl: string | null;
  readonly contact: { readonly url: string; readonly asksName: boolean; readonly asksEmail: boolean } | null;
  /** Where the first play gets the manifests, when they are null: see starts.ts. */
  readonly startUrl: string | null;
  readonly callsToAction: readonly CallToAction[];
  readonly downloads: readonly Download[];
  readonly sharing: { readonly pageUrl: string | null; readonly embedCode: string | null } | null;
  /** Whose pages may talk with the player: "*", origins, or hosts with or without a leading "*.". */
  readonly parentOrigins: readonly string[];
  readonly license: { readonly clearKeyUrl: string } | null;
  readonly report: ReportConfig | null;
  readonly resume: boolean;
}

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
  loginUrl: null,
  contact: null,
  startUrl: null,
  callsToAction: [],
  downloads: [],
  sharing: null,
  parentOrigins: ["*"],
  license: null,
  report: null,
  resume: true,
};

/** True for an object that carries a config's one indispensable field. */
export function isConfig(value: unknown): value is Partial<PlayerConfig> {
  if (typeof value !== "object" || value === null || !("state" in value)) return false;
  return (STATES as readonly unknown[]).includes(value.state);
}

/** Fills what a config leaves out. Throws on anything that is not one. */
export function parseConfig(value: unknown): PlayerConfig {
  if (!isConfig(value)) throw new Error("not a player configuration");
  return { ...DEFAULTS, ...value };
}

/** True for a film whose media come with its first play. */
export function awaitsStart(config: PlayerConfig): boolean {
  const { state, manifests, startUrl } = config;
  return state === "playable" && manifests.hls === null && manifests.dash === null && startUrl !== null;
}

/** Reads the page's own configuration. Throws when the page has none. */
export function readPageConfig(): PlayerConfig {
  const element = document.getElementById("framehouse-config");
  return parseConfig(JSON.parse(element?.textContent ?? "null"));
}
