// Starts the console: who is signed in, which page the address means.

import { api, BASE, onSignedOut } from "./api";
import { el } from "./dom";
import { icon } from "./icons";
import { startLive, stopLive } from "./live";
import { currentRoute, followRoutes } from "./router";
import { Shell } from "./shell";
import type { Session } from "./types";
import { button, routeLink } from "./ui/button";
import { mountToasts, toast } from "./ui/toast";
import { setAccount } from "./upload/memory";
import { uploads } from "./upload/queue";
import { LibraryView } from "./views/library";
import { signInView } from "./views/sign_in";
import { UploadView } from "./views/upload";
import { VideoView } from "./views/video";
import type { View } from "./views/view";
import { setPublicOrigin } from "./words";

const root = document.getElementById("console") ?? document.body;
let shell: Shell | null = null;
let session: Session | null = null;

function begin(signedIn: Session): void {
  session = signedIn;
  setAccount(signedIn.tenant.slug);
  setPublicOrigin(signedIn.publicOrigin);
  shell = new Shell(root, signedIn, signOut);
  startLive();
  show();
}

function show(): void {
  if (shell === null || session === null) return;
  const route = currentRoute();
  const path = route.name === "video" ? `/videos/${route.id}` : route.name === "library" ? "/" : `/${route.name}`;
  shell.show(viewOf(route, session), path);
}

function viewOf(route: ReturnType<typeof currentRoute>, { may }: Session): View {
  switch (route.name) {
    case "library":
      return new LibraryView(may.upload);
    case "video":
      return new VideoView(route.id, may);
    case "upload":
      return may.upload ? new UploadView() : nowhere("You may not upload. Ask an administrator of your team.");
    case "nowhere":
      return nowhere("There is no such page.");
  }
}

function nowhere(text: string): View {
  const back = routeLink("/", BASE, { class: "button button-plain" }, ["Back to the library"]);
  const empty = el("div", { class: "empty" }, [icon("film"), el("p", {}, [text]), back]);
  const element = el("main", { class: "page", id: "main" }, [empty]);
  return { element, title: "Framehouse" };
}

async function signOut(): Promise<void> {
  await api.signOut();
  leave();
}

function leave(): void {
  if (session === null) return;
  session = null;
  stopLive();
  uploads.pauseAll();
  shell?.close();
  shell = null;
  askToSignIn();
}

function askToSignIn(): void {
  const view = signInView((signedIn) => {
    view.dispose?.();
    begin(signedIn);
  });
  document.title = "Sign in – Framehouse";
  root.replaceChildren(view.element);
}

async function start(): Promise<void> {
  try {
    const found = await api.session();
    if (found) begin(found);
    else askToSignIn();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const again = button("Try again", "primary", () => location.reload());
    root.replaceChildren(el("main", { class: "page" }, [el("div", { class: "empty" }, [el("p", {}, [text]), again])]));
  }
}

mountToasts();
followRoutes(show);
onSignedOut(() => {
  if (session !== null) toast("You were signed out.");
  leave();
});
void start();
