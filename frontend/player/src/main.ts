// Entry of the embed page: reads the config, builds the player and connects it to keyboard, parent
// page and the debugging handle.

import { readPageConfig } from "./config";
import { exposeDebug } from "./debug";
import { connectKeyboard } from "./keyboard";
import { connectParent } from "./messages";
import { connectReporter } from "./report/reporter";
import { Session } from "./session";
import { forcedTech } from "./tech";
import { Shell } from "./ui/shell";

function start(root: HTMLElement): void {
  const config = readPageConfig();
  const shell = new Shell(root);
  const reporter = connectReporter(shell.player, shell.calls);
  const session = new Session(config, shell, root, forcedTech(window.location.search), reporter.learn);
  connectParent(shell.player, shell.calls, config);
  connectKeyboard(
    shell.player,
    {
      toggleFullscreen: () => shell.controls.screen.toggleFullscreen(),
      acted: () => shell.activity.wake(),
    },
    () => !root.classList.contains("fh-covered"),
  );
  exposeDebug(shell.player, session.recovery, () => shell.panels.shown, reporter.unsent);
  session.apply(config);
}

const root = document.getElementById("framehouse");
if (root) start(root);
