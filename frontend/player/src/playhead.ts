// Where the film is, or will be as soon as there is one: the position before and while media are loaded,
// and moves that the engine would undo when it puts the playhead at its start.

export class Playhead {
  #positionS = 0;
  /** The element is not yet at the position it is to have. */
  #arriving = false;
  /** The engine has put the playhead at its start, which it does when the metadata are there. */
  #placed = false;

  constructor(private readonly video: HTMLVideoElement) {
    video.addEventListener("loadedmetadata", () => {
      this.#placed = true;
    });
    video.addEventListener("seeked", () => {
      this.#arriving = false;
    });
    video.addEventListener("timeupdate", () => {
      if (this.#arriving && video.currentTime === 0) return;
      this.#arriving = false;
      this.#positionS = video.currentTime;
    });
  }

  get arriving(): boolean {
    return this.#arriving;
  }

  /** In seconds; `loaded` says whether the element's own position counts. */
  position(loaded: boolean): number {
    return loaded && !this.#arriving ? this.video.currentTime : this.#positionS;
  }

  /** Keeps a position for the time when there is something to play. */
  remember(seconds: number): void {
    this.#positionS = seconds;
    this.#arriving = seconds > 0;
  }

  /** A load begins that will start at `seconds`. */
  expect(seconds: number): void {
    this.remember(seconds);
    this.#placed = false;
  }

  /** Moves in what is loaded. */
  moveTo(seconds: number): void {
    this.#positionS = seconds;
    if (this.#placed) {
      this.video.currentTime = seconds;
      return;
    }
    this.#arriving = true;
    // Registered after the engine's own listener, so that this move is the last one.
    this.video.addEventListener("loadedmetadata", () => {
      this.video.currentTime = this.#positionS;
    }, { once: true });
  }
}
