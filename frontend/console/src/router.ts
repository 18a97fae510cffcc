// Addresses below the console's base, and moving between them with the browser's own history.

import { BASE } from "./api";

export type Route =
  | { readonly name: "library" }
  | { readonly name: "upload" }
  | { readonly name: "video"; readonly id: string }
  | { readonly name: "nowhere" };

let changed = (): void => {};

export function currentRoute(): Route {
  const path = location.pathname.slice(BASE.length).replace(/\/+$/, "");
  if (path === "") return { name: "library" };
  if (path === "/upload") return { name: "upload" };
  const video = /^\/videos\/([0-9a-f]{12})$/.exec(path);
  return video?.[1] ? { name: "video", id: video[1] } : { name: "nowhere" };
}

export function go(path: string, replace = false): void {
  const url = `${BASE}${path}`;
  if (replace) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  changed();
}

/** Calls `action` at every move; plain clicks on the console's own links become moves. */
export function followRoutes(action: () => void): void {
  changed = action;
  window.addEventListener("popstate", action);
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-route]");
    if (link === null) return;
    event.preventDefault();
    go(link.dataset["route"] ?? "/");
  });
}
