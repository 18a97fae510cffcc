// The pages of the settings menu and the chapter list: which choices there are and what each does.

import type { TrackOption } from "../engine";
import { clockTime, speedName } from "../format";
import { type Player, SPEEDS } from "../player";
import { STRINGS } from "../strings";
import type { Menu, MenuItem, MenuPage } from "./menu";
import type { Offers } from "./offers";

export class Settings {
  constructor(
    private readonly player: Player,
    private readonly menu: Menu,
    private readonly offers: Offers,
  ) {}

  /** Opens the first settings page, or closes the menu when it shows one of ours already. */
  toggle(opener: HTMLElement): void {
    if (this.menu.opener === opener) this.menu.close(true);
    else this.#root(opener);
  }

  toggleChapters(opener: HTMLElement): void {
    if (this.menu.opener === opener) this.menu.close(true);
    else this.menu.show(this.#chapters(), opener);
  }

  #root(opener: HTMLElement): void {
    const back = (): void => this.#root(opener);
    const leadsTo = (label: string, detail: string, page: () => MenuPage): MenuItem => ({
      label,
      detail,
      opensPage: true,
      choose: () => this.menu.show({ ...page(), back }, opener),
    });
    const { player } = this;
    const items: MenuItem[] = [];
    if ((player.engine?.qualities().length ?? 0) > 0) {
      items.push(leadsTo(STRINGS.quality, this.#qualityDetail(), () => this.#qualities()));
    }
    items.push(leadsTo(STRINGS.speed, speedName(player.speed), () => this.#speeds()));
    if (player.captions().length > 0) {
      const active = player.captions().find((track) => track.active);
      items.push(leadsTo(STRINGS.captions, active?.label ?? STRINGS.captionsOff, () => this.#captions()));
    }
    const audio = player.engine?.audioTracks() ?? [];
    if (audio.length > 1) {
      const active = audio.find((track) => track.active);
      items.push(leadsTo(STRINGS.audio, active?.label ?? "", () => this.#audio(audio)));
    }
    if (player.chapters.length > 0) {
      const now = player.chapterAt(player.currentTime)?.title ?? "";
      items.push(leadsTo(STRINGS.chapters, now, () => this.#chapters()));
    }
    for (const offer of this.offers.available()) {
      items.push({ label: offer.title, opensPage: true, choose: () => offer.show(opener, back) });
    }
    this.menu.show({ title: STRINGS.settings, items }, opener);
  }

  #qualityDetail(): string {
    const { engine } = this.player;
    const name = engine?.activeQuality()?.name ?? "";
    return engine?.chosenQuality() ? name : `${STRINGS.auto}${name ? ` (${name})` : ""}`;
  }

  #qualities(): MenuPage {
    const { player } = this;
    const chosen = player.engine?.chosenQuality() ?? null;
    const heights = [...(player.engine?.qualities() ?? [])].reverse().map((quality) => ({
      label: quality.name,
      checked: quality.id === chosen,
      choose: () => player.chooseQuality(quality.id),
    }));
    const auto = { label: STRINGS.auto, checked: chosen === null, choose: () => player.chooseQuality(null) };
    return { title: STRINGS.quality, items: [auto, ...heights] };
  }

  #speeds(): MenuPage {
    const items = SPEEDS.map((speed) => ({
      label: speedName(speed),
      checked: speed === this.player.speed,
      choose: () => this.player.setSpeed(speed),
    }));
    return { title: STRINGS.speed, items };
  }

  #captions(): MenuPage {
    const tracks = this.player.captions();
    const off = {
      label: STRINGS.captionsOff,
      checked: !tracks.some((track) => track.active),
      choose: () => this.player.chooseCaption(null),
    };
    const items = tracks.map((track) => ({
      label: track.label,
      checked: track.active,
      choose: () => this.player.chooseCaption(track.id),
    }));
    return { title: STRINGS.captions, items: [off, ...items] };
  }

  #audio(tracks: readonly TrackOption[]): MenuPage {
    const items = tracks.map((track) => ({
      label: track.label,
      checked: track.active,
      choose: () => this.player.engine?.chooseAudio(track.id),
    }));
    return { title: STRINGS.audio, items };
  }

  #chapters(): MenuPage {
    const { player } = this;
    const now = player.chapterAt(player.currentTime);
    const items = player.chapters.map((chapter) => ({
      label: chapter.title,
      detail: clockTime(chapter.startMs / 1000),
      checked: chapter === now,
      choose: () => player.seek(chapter.startMs / 1000),
    }));
    return { title: STRINGS.chapters, items };
  }
}
