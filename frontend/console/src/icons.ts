// The console's pictograms, 2-unit strokes on a 24 by 24 grid.

const PATHS = {
  upload: "M12 16V4.5M7 9l5-5 5 5M4.5 15.5V20h15v-4.5",
  film: "M4 5h16v14H4zM8 5v14M16 5v14M4 12h16",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  check: "M5 12.5l4.5 4.5L19 7.5",
  external: "M14 4.5h5.5V10M19.5 4.5L11 13M18 14v5.5H4.5V6H10",
  pause: "M8 5v14M16 5v14",
  play: "M8 5.5v13l10-6.5z",
  close: "M6 6l12 12M18 6L6 18",
  back: "M14.5 6l-6 6 6 6",
  search: "M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15 15l5 5",
  trash: "M4.5 7h15M9 7V4.5h6V7M6.5 7l1 13h9l1-13M10 11v5M14 11v5",
  download: "M12 4.5V16M7 11l5 5 5-5M4.5 20h15",
  leave: "M14 4.5H5v15h9M10 12h10M16.5 8l4 4-4 4",
  retry: "M5 5v5h5M5.6 10A7 7 0 1 1 5 13.5",
} as const;

export type IconName = keyof typeof PATHS;

const SVG = "http://www.w3.org/2000/svg";

/** A pictogram that assistive technology passes over: the text beside it, or the button's label, says it. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** The house's mark. */
export function mark(): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 32 32");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "mark");
  for (const [d, name] of [
    ["M7 1h18a6 6 0 0 1 6 6v18a6 6 0 0 1-6 6H7a6 6 0 0 1-6-6V7a6 6 0 0 1 6-6z", "mark-ground"],
    ["M12 9.5v13l11-6.5z", "mark-sign"],
  ] as const) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    path.setAttribute("class", name);
    svg.append(path);
  }
  return svg;
}
