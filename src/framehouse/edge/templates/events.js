// Lists what the player in the frame tells, and sends it commands. See docs/reference/player.md.
const frame = document.getElementById("player");
const log = document.getElementById("log");
const sent = document.getElementById("sent");
const KEPT = 200;
const started = performance.now();

function shown(name, data) {
  const line = document.createElement("li");
  const time = document.createElement("time");
  time.textContent = `${((performance.now() - started) / 1000).toFixed(2)} s`;
  const title = document.createElement("b");
  title.textContent = name;
  const details = document.createElement("code");
  details.textContent = JSON.stringify(data);
  line.append(time, " ", title, " ", details);
  return line;
}

window.addEventListener("message", ({ source, origin, data }) => {
  if (source !== frame.contentWindow || origin !== location.origin || typeof data?.event !== "string") return;
  const count = document.querySelector(`[data-event="${CSS.escape(data.event)}"]`);
  if (count) count.textContent = String(Number(count.textContent) + 1);
  log.prepend(shown(data.event, data.data));
  while (log.childElementCount > KEPT) log.lastElementChild.remove();
});

document.getElementById("commands").addEventListener("submit", (event) => {
  event.preventDefault();
  const command = event.submitter.name;
  const typed = event.submitter.parentElement.querySelector("input")?.value;
  const message = { command };
  if (typed !== undefined) message.value = typed !== "" && !Number.isNaN(Number(typed)) ? Number(typed) : typed;
  if (message.value === "true" || message.value === "false") message.value = message.value === "true";
  frame.contentWindow.postMessage(message, location.origin);
  sent.textContent = JSON.stringify(message);
});
