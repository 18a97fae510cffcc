// window.framehousePlayer: what support staff and the browser tests read. Not an interface for
// embedding pages, which use postMessage.

import type { Player } from "./player";
import type { Recovery, Problem } from "./recovery";

export interface DebugHandle {
  readonly player: Player;
  readonly state: () => object;
}

declare global {
  interface Window {
    framehousePlayer?: DebugHandle;
  }
}

export function exposeDebug(player: Player, recovery: Recovery, shown: () => string, unsent: () => number): void {
  let problem: Problem | null = null;
  recovery.events.on("problem", (value) => {
    problem = value;
  });
  window.framehousePlayer = {
    player,
    state: () => ({
      shown: shown(),
      tech: player.engine?.kind ?? null,
      loaded: player.loaded,
      held: player.held,
      currentTime: player.currentTime,
      duration: player.duration,
      paused: player.video.paused,
      ended: player.ended,
      seeking: player.video.seeking,
      readyState: player.video.readyState,
      buffered: player.buffered(),
      height: player.video.videoHeight,
      width: player.video.videoWidth,
      volume: player.video.volume,
      muted: player.video.muted,
      speed: player.speed,
      error: problem,
      qualities: player.engine?.qualities() ?? [],
      chosenQuality: player.engine?.chosenQuality() ?? null,
      activeQuality: player.engine?.activeQuality() ?? null,
      audioTracks: player.engine?.audioTracks() ?? [],
      captions: player.captions(),
      unsentFacts: unsent(),
      droppedFrames: player.video.getVideoPlaybackQuality().droppedVideoFrames,
    }),
  };
}
