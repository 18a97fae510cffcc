// Reads a storyboard: WebVTT whose cues are pictures, cut from sprites by a media fragment
// (https://www.w3.org/TR/media-frags/, section 4.2.2: #xywh=). Knows nothing of how they are shown.

export interface Tile {
  readonly startS: number;
  readonly endS: number;
  readonly url: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const TIMING = /^(\S+)\s+-->\s+(\S+)/;
const FRAGMENT = /#xywh=(?:pixel:)?(\d+),(\d+),(\d+),(\d+)$/;

function seconds(timestamp: string): number {
  return timestamp.split(":").reduce((total, part) => total * 60 + Number.parseFloat(part), 0);
}

/** Tiles in the order of the file; lines that are none are passed over. */
export function parseStoryboard(vtt: string, baseUrl: string): readonly Tile[] {
  const tiles: Tile[] = [];
  for (const block of vtt.split(/\r?\n\r?\n/)) {
    const lines = block.split(/\r?\n/);
    const at = lines.findIndex((line) => TIMING.test(line));
    const timing = TIMING.exec(lines[at] ?? "");
    const target = lines[at + 1]?.trim();
    if (!timing || !target) continue;
    const [, start = "", end = ""] = timing;
    const [x = 0, y = 0, width = 0, height = 0] = (FRAGMENT.exec(target)?.slice(1) ?? []).map(Number);
    if (width === 0 || height === 0) continue;
    const url = new URL(target.replace(FRAGMENT, ""), baseUrl).href;
    tiles.push({ startS: seconds(start), endS: seconds(end), url, x, y, width, height });
  }
  return tiles;
}

/** Fetches a storyboard; an empty one when it cannot be read: the film does not depend on it. */
export async function fetchStoryboard(url: string): Promise<readonly Tile[]> {
  try {
    const response = await fetch(url);
    return response.ok ? parseStoryboard(await response.text(), response.url) : [];
  } catch {
    return [];
  }
}

export function tileAt(tiles: readonly Tile[], timeS: number): Tile | null {
  return tiles.find((tile) => tile.startS <= timeS && timeS < tile.endS) ?? null;
}
