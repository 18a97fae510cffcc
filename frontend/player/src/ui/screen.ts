// Full screen and picture in picture, with the names Safari gives them. Absent where the browser or
// the embedding page (an iframe without allow="fullscreen") does not permit them.

/** Only iPhones: their <video> goes full screen, other elements cannot. */
type ApplePhoneVideo = HTMLVideoElement & { webkitEnterFullscreen?: () => void };

export class Screen {
  constructor(
    private readonly root: HTMLElement,
    private readonly video: HTMLVideoElement,
    changed: () => void,
  ) {
    document.addEventListener("fullscreenchange", changed);
    video.addEventListener("enterpictureinpicture", changed);
    video.addEventListener("leavepictureinpicture", changed);
  }

  get canFullscreen(): boolean {
    return document.fullscreenEnabled || "webkitEnterFullscreen" in this.video;
  }

  get isFullscreen(): boolean {
    return document.fullscreenElement !== null;
  }

  toggleFullscreen(): void {
    if (this.isFullscreen) void document.exitFullscreen();
    else if (document.fullscreenEnabled) void this.root.requestFullscreen().catch(() => undefined);
    else (this.video as ApplePhoneVideo).webkitEnterFullscreen?.();
  }

  get canPip(): boolean {
    return document.pictureInPictureEnabled && !this.video.disablePictureInPicture;
  }

  get isPip(): boolean {
    return document.pictureInPictureElement !== null;
  }

  togglePip(): void {
    const done = this.isPip ? document.exitPictureInPicture() : this.video.requestPictureInPicture();
    void done.catch(() => undefined); // refused without a picture yet, or by policy
  }
}
