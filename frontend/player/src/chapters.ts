// When the playhead enters another chapter, and whether by itself or because the viewer sought.

import type { Chapter } from "./config";
import { Emitter } from "./emitter";
import type { Player } from "./player";

export interface ChapterEntry {
  readonly chapter: Chapter;
  readonly by: "seek" | "playback";
}

export class ChapterWatch {
  readonly events = new Emitter<{ entered: ChapterEntry }>();
  /** By start, not by object: a new config brings new objects. */
  #startMs: number | undefined;

  constructor(private readonly player: Player) {
    player.events.on("ready", () => {
      this.#startMs = this.#now()?.startMs;
    });
    player.events.on("seek", () => this.#look("seek"));
    player.events.on("time", () => this.#look("playback"));
  }

  #now(): Chapter | null {
    return this.player.chapterAt(this.player.currentTime);
  }

  #look(by: ChapterEntry["by"]): void {
    const chapter = this.#now();
    if (chapter?.startMs === this.#startMs) return;
    this.#startMs = chapter?.startMs;
    if (chapter) this.events.emit("entered", { chapter, by });
  }
}
