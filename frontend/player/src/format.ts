// Numbers as people read and hear them.

/** 75 -> "1:15", 3675 -> "1:01:15". */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const s = String(whole % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${s}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${s}`;
}

/** 75 -> "1 minute 15 seconds", for screen readers. */
export function spokenTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const parts: string[] = [];
  const add = (count: number, unit: string): void => {
    if (count > 0) parts.push(`${count} ${unit}${count === 1 ? "" : "s"}`);
  };
  add(Math.floor(whole / 3600), "hour");
  add(Math.floor(whole / 60) % 60, "minute");
  add(whole % 60, "second");
  return parts.length > 0 ? parts.join(" ") : "0 seconds";
}

const STEPS = [144, 240, 360, 480, 540, 720, 1080, 1440, 2160, 4320];

/**
 * The name of a picture size: what 16:9 of the same long side would be called, so that a
 * 1920x800 film and a 1080x1920 phone clip are both "1080p". A size far from the usual
 * steps keeps its own short side.
 */
export function qualityName(width: number, height: number): string {
  const long = Math.max(width, height);
  const short = Math.min(width, height);
  const equivalent = Math.max(short, Math.round((long * 9) / 16));
  const step = STEPS.find((known) => Math.abs(known - equivalent) <= known * 0.04);
  return `${step ?? short}p`;
}

export function speedName(speed: number): string {
  return speed === 1 ? "Normal" : `${speed}×`;
}

/** A language's own name where the browser knows it: "de" -> "Deutsch". */
export function languageName(language: string): string {
  if (language === "" || language === "und") return "";
  try {
    const name = new Intl.DisplayNames([language], { type: "language" }).of(language);
    return name ? name.charAt(0).toLocaleUpperCase(language) + name.slice(1) : language;
  } catch {
    return language;
  }
}
