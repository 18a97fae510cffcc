// The window around the iframe: whether it may be talked to, and the two directions of postMessage.

import { parseUrl } from "./address";

/** "https://example.com", "example.com", "*.example.com", each with or without a port, or "*". */
const SOURCE = /^(?:(https?:)\/\/)?(\*\.)?(\[[^\]]+\]|[^:/]+)(?::(\d+|\*))?$/i;

/** Without a scheme both count; without a port the scheme's own, or any when there is no scheme either. */
function matches(source: string, origin: string): boolean {
  if (source === "*") return true;
  const parts = SOURCE.exec(source);
  const page = parseUrl(origin);
  if (parts === null || page === null) return false;
  const [, scheme, below, host = "", port] = parts;
  if (scheme !== undefined && scheme.toLowerCase() !== page.protocol) return false;
  const name = host.toLowerCase();
  if (below === undefined ? page.hostname !== name : !page.hostname.endsWith(`.${name}`)) return false;
  const own = page.protocol === "https:" ? "443" : "80";
  return port === "*" || (port === undefined && scheme === undefined) || (port ?? own) === (page.port || own);
}

/** What the browser tells of the parent: where it has no ancestorOrigins, the referrer, which a page may hide. */
function originOfParent(): string {
  const known = (window.location.ancestorOrigins as DOMStringList | undefined)?.[0] ?? document.referrer;
  return parseUrl(known)?.origin ?? "";
}

export class ParentPage {
  #target: string | null;

  /** `allowed`: see parentOrigins in config.ts. Our own pages, which show playlists, are always allowed. */
  constructor(private readonly allowed: readonly string[]) {
    const origin = originOfParent();
    this.#target = allowed.includes("*") ? "*" : this.#allows(origin) ? origin : null;
  }

  #allows(origin: string): boolean {
    return origin === window.location.origin || this.allowed.some((source) => matches(source, origin));
  }

  /** Says nothing to a page that is not allowed, or whose origin is not known (yet). */
  send(message: object): void {
    if (window.parent !== window && this.#target !== null) window.parent.postMessage(message, this.#target);
  }

  /** Hands on what an allowed parent says. */
  listen(handle: (data: unknown) => void): void {
    window.addEventListener("message", (event: MessageEvent<unknown>) => {
      if (window.parent === window || event.source !== window.parent || !this.#allows(event.origin)) return;
      this.#target ??= event.origin;
      handle(event.data);
    });
  }
}
