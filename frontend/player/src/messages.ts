// The conversation with the page around the iframe, by postMessage: events out, commands in.
// {"event": name, "data": {...}} and {"command": name, "value": ...}; times in seconds. The reference
// for those who build on it is docs/reference/player.md.

import type { CallsToAction } from "./calls_to_action";
import { ChapterWatch } from "./chapters";
import type { CallToAction, PlayerConfig } from "./config";
import { qualityName } from "./format";
import { ParentPage } from "./parent_page";
import type { Player } from "./player";

type Send = (event: string, changed?: object) => void;

interface Command {
  readonly command: string;
  readonly value?: unknown;
}

/** What means no in a command; no value at all means yes. */
const NO: readonly unknown[] = [false, 0, "false", "0", null];
/** The position is told at most this often. */
const POSITION_EVERY_MS = 240;

function asCommand(data: unknown): Command | null {
  try {
    const value: unknown = typeof data === "string" ? JSON.parse(data) : data;
    if (typeof value !== "object" || value === null || !("command" in value)) return null;
    return typeof value.command === "string" ? (value as Command) : null;
  } catch {
    return null; // other scripts' messages on the same window
  }
}

/** A quality by its name or height, anything else is "auto"; a caption by its language, anything else is off. */
function chooseByName(player: Player, { command, value }: Command): void {
  const name = String(value);
  if (command === "setQuality") {
    const found = player.engine?.qualities().find((quality) => [quality.name, String(quality.height)].includes(name));
    player.chooseQuality(found?.id ?? null);
  } else {
    player.chooseCaption(player.captions().find((track) => track.language === name)?.id ?? null);
  }
}

/** Tracks are known once media are: what is asked before waits for them. */
function whenLoaded(player: Player, act: () => void): void {
  if (player.loaded) return act();
  const off = player.events.on("tracks", () => {
    if (!player.loaded) return;
    off();
    act();
  });
}

function obey(player: Player, command: Command): void {
  const { value } = command;
  const number = Number(value ?? Number.NaN);
  switch (command.command) {
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
      player.setMuted(!NO.includes(value));
      break;
    case "setVolume":
      player.setVolume(number);
      break;
    case "setSpeed":
      player.setSpeed(number);
      break;
    case "setQuality":
    case "setSubtitle":
      whenLoaded(player, () => chooseByName(player, command));
      break;
  }
}

function tellPosition(player: Player, send: Send): void {
  let sentAtMs = Number.NEGATIVE_INFINITY;
  let later: number | undefined;
  const tell = (): void => {
    later = undefined;
    sentAtMs = performance.now();
    send("currentTime");
  };
  player.video.addEventListener("timeupdate", () => {
    if (!player.loaded || later !== undefined) return;
    const waitMs = sentAtMs + POSITION_EVERY_MS - performance.now();
    if (waitMs <= 0) tell();
    else later = window.setTimeout(tell, waitMs);
  });
  for (const name of ["pause", "ended"] as const) {
    player.events.on(name, () => {
      if (later === undefined) return;
      window.clearTimeout(later);
      tell(); // before the parent hears that it was the last
    });
  }
}

/** What is on the screen, which follows a change of the engine's mind by the length of the buffer. */
function tellResolution(player: Player, send: Send): void {
  let told = "";
  const tell = (resolution: string, height: number, auto: boolean): void => {
    told = resolution;
    send("resolutionChange", { resolution, height, auto });
  };
  const shown = (): { name: string; height: number } => {
    const { videoWidth: width, videoHeight: height } = player.video;
    return { name: qualityName(width, height), height };
  };
  player.events.on("qualityChosen", (chosen) => {
    const { name, height } = chosen ?? shown();
    if (height > 0) tell(name, height, chosen === null);
  });
  player.video.addEventListener("resize", () => {
    const { name, height } = shown();
    const isFirst = told === "";
    if (height === 0 || name === told || player.engine?.chosenQuality()) return;
    if (isFirst) told = name;
    else tell(name, height, true);
  });
}

function tellCalls(calls: CallsToAction, send: Send): void {
  const about = ({ id, text, url }: CallToAction): object => ({ cta: { id, text, url } });
  calls.events.on("display", (call) => send("CTADisplay", about(call)));
  calls.events.on("interaction", (call) => send("CTAInteraction", about(call)));
  calls.events.on("skip", (call) => send("CTASkip", about(call)));
}

/** Connects the player with the window around it, if the config allows that window's origin. */
export function connectParent(player: Player, calls: CallsToAction, config: PlayerConfig): void {
  const parent = new ParentPage(config.parentOrigins);
  const send: Send = (event, changed = {}) => {
    const { currentTime, duration } = player;
    parent.send({ event, data: { id: config.videoId, currentTime, duration, ...changed } });
  };
  let announced = false;
  player.events.on("ready", () => {
    if (!announced) send("ready"); // a reload after a failure is not news to the parent
    announced = true;
  });
  tellPosition(player, send);
  player.events.on("play", () => send("play"));
  player.events.on("pause", () => send("paused"));
  player.events.on("ended", () => send("ended"));
  player.events.on("volume", () => send("volumeChange", { volume: player.video.volume, muted: player.video.muted }));
  player.events.on("speed", (speed) => send("playbackSpeedChange", { speed }));
  player.events.on("captionChosen", (track) =>
    send("subtitleChange", { language: track?.language ?? null, label: track?.label ?? null }));
  new ChapterWatch(player).events.on("entered", ({ chapter: { title, startMs }, by }) =>
    send("chapterChange", { chapter: title, title, startTime: startMs / 1000, by }));
  tellResolution(player, send);
  tellCalls(calls, send);
  parent.listen((data) => {
    const command = asCommand(data);
    if (command) obey(player, command);
  });
}
