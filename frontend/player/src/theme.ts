// The owner's colour, put into CSS variables through the CSS object model: the page's content
// security policy allows no inline styles.

function channels(color: string): readonly [number, number, number] | null {
  const hex = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(color.trim())?.[1];
  if (hex === undefined) return null;
  const full = hex.length === 3 ? [...hex].map((digit) => digit + digit).join("") : hex;
  const at = (index: number): number => Number.parseInt(full.slice(index, index + 2), 16);
  return [at(0), at(2), at(4)];
}

/** Relative luminance, WCAG 2.2: 0 is black, 1 white. */
function luminance(rgb: readonly [number, number, number]): number {
  const [r, g, b] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Sets the accent colour and a text colour that is readable on it. Anything but #rgb or #rrggbb is left out. */
export function applyTheme(root: HTMLElement, color: string | null): void {
  const rgb = color === null ? null : channels(color);
  if (rgb === null) return;
  const light = luminance(rgb);
  root.style.setProperty("--fh-accent", `rgb(${rgb.join(" ")})`);
  root.style.setProperty("--fh-on-accent", light > 0.4 ? "#111" : "#fff");
  // A colour too dark to be seen on the dark controls is lifted for bars and marks.
  root.style.setProperty("--fh-accent-bar", light < 0.08 ? "#fff" : `rgb(${rgb.join(" ")})`);
}
