// The port between the player and what fetches and decodes: Shaka Player where Media Source
// Extensions exist, the browser's own HLS elsewhere. Times are seconds on the media timeline.

import type { Caption } from "./config";
import type { Emitter } from "./emitter";
import type { Failure } from "./failure";
import { languageName } from "./format";

export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Quality {
  readonly id: string;
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

export interface TrackOption {
  readonly id: string;
  readonly label: string;
  readonly language: string;
  readonly active: boolean;
}

/** A caption without a name of its own has its language's, which it may even say itself: "de" -> "Deutsch". */
export function captionLabel(label: string, language: string): string {
  return label !== "" && label !== language ? label : languageName(language);
}

export interface Source {
  readonly url: string;
  readonly startS: number;
  readonly captions: readonly Caption[];
  readonly clearKeyUrl: string | null;
}

export interface EngineEvents {
  failure: Failure;
  /** A segment arrived: whatever failed before works again. */
  progress: null;
  tracks: null;
}

export interface Engine {
  readonly kind: "dash" | "hls" | "native";
  readonly events: Emitter<EngineEvents>;
  /** Resolves once the first frame's data is on its way; rejects with the engine's error. */
  load(source: Source): Promise<void>;
  /** Goes on fetching after a failure; false when a new load is needed. */
  retry(): boolean;
  range(): Range;
  isLive(): boolean;
  /** From lowest to highest, one per picture size. */
  qualities(): readonly Quality[];
  /** The id set by hand, or null while the engine adapts by itself. */
  chosenQuality(): string | null;
  chooseQuality(id: string | null): void;
  activeQuality(): Quality | null;
  audioTracks(): readonly TrackOption[];
  chooseAudio(id: string): void;
  captions(): readonly TrackOption[];
  chooseCaption(id: string | null): void;
  /** Tells that the viewer really watches, so that more may be fetched ahead. */
  setEager(): void;
  destroy(): Promise<void>;
}
