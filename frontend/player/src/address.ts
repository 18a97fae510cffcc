// Reading URLs that may be anything.

/** Null for what is no URL. (URL.canParse is younger than the browsers this is built for.) */
export function parseUrl(text: string, base?: string): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}
