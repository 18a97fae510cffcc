// The conversation with the page around the iframe, by postMessage: events out, commands in.
// {"event": name, "data": {...}} and {"command": name, "value": ...}; times in seconds.

import type { Player } from "./player";

interface Command {
  readonly command: string;
  readonly value?: unknown;
}

function asCommand(data: unknown): Command | null {
  try {
    const value: unknown = typeof data === "string" ? JSON.parse(data) : data;
    if (typeof value !== "object" || value === null || !("command" in value)) return null;
    return typeof value.command === "string" ? (value as Command) : null;
  } catch {
    return null; // other scripts' messages on the same window
  }
}

function obey(player: Player, { command, value }: Command): void {
  const number = Number(value ?? Number.NaN);
  switch (command) {
    case "play":
      void player.play();
      break;
    case "pause":
      player.pause();
      break;
    case "seek":
      player.seek(number);
      break;
    case "mute":
      player.setMuted(value === undefined || Boolean(value));
      break;
    case "setVolume":
      player.setVolume(number);
      break;
    case "setSpeed":
      player.setSpeed(number);
      break;
  }
}

/**
 * Connects the player with the parent window. The target origin is any: whom the page may be
 * framed by is decided by frame-ancestors, and the data are only the viewer's position.
 */
export function connectParent(player: Player, videoId: string): void {
  if (window.parent === window) return;
  const send = (event: string, changed: object = {}): void => {
    const { currentTime, duration } = player;
    window.parent.postMessage({ event, data: { id: videoId, currentTime, duration, ...changed } }, "*");
  };
  let announced = false;
  player.events.on("ready", () => {
    if (!announced) send("ready"); // a reload after a failure is not news to the parent
    announced = true;
  });
  player.events.on("play", () => send("play"));
  player.events.on("pause", () => send("paused"));
  player.events.on("ended", () => send("ended"));
  player.video.addEventListener("timeupdate", () => {
    if (player.loaded) send("currentTime");
  });
  player.events.on("volume", () => send("volumeChange", { volume: player.video.volume, muted: player.video.muted }));
  player.events.on("speed", (speed) => send("playbackSpeedChange", { playbackSpeed: speed }));
  player.events.on("captionChosen", (track) =>
    send("subtitleChange", { language: track?.language ?? null, label: track?.label ?? null }));
  player.events.on("qualityChosen", (quality) =>
    send("resolutionChange", { resolution: quality?.name ?? "auto", height: quality?.height ?? null }));
  player.events.on("chapter", (chapter) =>
    send("chapterChange", { title: chapter.title, startTime: chapter.startMs / 1000 }));

  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (event.source !== window.parent) return;
    const command = asCommand(event.data);
    if (command) obey(player, command);
  });
}
