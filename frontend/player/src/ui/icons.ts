// The player's pictograms, drawn on a 24 by 24 grid. Filled shapes and 2-unit strokes only.

const FILLED = {
  play: "M8 5.2v13.6c0 .8.9 1.3 1.6.8l10-6.8a1 1 0 0 0 0-1.6l-10-6.8c-.7-.5-1.6 0-1.6.8z",
  pause: "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z",
} as const;

const STROKED = {
  replay: "M5 5v5h5M5.6 10A7 7 0 1 1 5 13.5",
  volume: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  volumeLow: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6",
  muted: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5",
  captions: "M4 6h16v12H4zM10.5 10.8a2 2 0 1 0 0 2.4M16.5 10.8a2 2 0 1 0 0 2.4",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
  chapters: "M9 6h11M9 12h11M9 18h11M4 6h1M4 12h1M4 18h1",
  pip: "M20 11V5.5H4v13h7M13.5 14h7v5h-7z",
  fullscreen: "M4 9V4.5h5M20 9V4.5h-5M4 15v4.5h5M20 15v4.5h-5",
  exitFullscreen: "M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5",
  back: "M14.5 6l-6 6 6 6",
  forward: "M9.5 6l6 6-6 6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  warning: "M12 4l9 15.5H3zM12 10v4.5M12 17v.2",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  person: "M12 12.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0",
  mail: "M4 6h16v12.5H4zM4.5 7l7.5 6 7.5-6",
  download: "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14",
  share: "M12 15V4M8 7.5L12 3.5l4 4M7 11H5v9h14v-9h-2",
  close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  film: "M4 5h16v14H4zM8 5v14M16 5v14M4 12h16",
} as const;

export type IconName = keyof typeof FILLED | keyof typeof STROKED;

const SVG = "http://www.w3.org/2000/svg";

/** A pictogram that assistive technology passes over: its button carries the name. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  const filled = name in FILLED;
  path.setAttribute("d", filled ? FILLED[name as keyof typeof FILLED] : STROKED[name as keyof typeof STROKED]);
  path.setAttribute("class", filled ? "fh-filled" : "fh-stroked");
  svg.append(path);
  return svg;
}
