// The line to a live board: an event stream, polling where none comes through, and one word for how it stands.
//   <div id="board" data-live="…" data-shared="…" data-edition="…"> <span data-connection …> <div id="shared"> … data-version="…"
// Says on the document: "board:part" (detail.html, .version), "board:beat" (detail.silence), "board:state" (detail.from, .to),
// "clock:lost" when what was known of the time may be old. Hears "board:newest" (detail: a version that an answer showed),
// "board:sent" and "board:unsent" (whether presses get through),
// "board:left" (an answer said that this board is not for me any more).
const STALE = 25_000, HIDDEN = 30_000, POLL = 5_000, SILENT = 12_000, AFTER_RESTART = 4000, UNSENT = 3, FAILED = 2;
const SOON = 3, RETURN = 500, SPREAD = 2000; // a server that comes again within seconds is found within five
const WORDS = { live: "Live", "catching-up": "Catching up", stale: "As of", offline: "Offline, the clock runs on" };
const board = document.querySelector("#board"), sign = board.querySelector("[data-connection]");
const shared = board.querySelector("#shared");
let source = null, returning, waiting, polling = null, polled = -Infinity, failures = 0;
let heard = null, at = null, newest = 0, unsent = 0, hidden = null, edition = board.dataset.edition, box = null;
let lost = true; // the line broke, and nothing was heard since

const part = () => shared.firstElementChild;
const version = () => Number(part().dataset.version);
const over = () => part().dataset.phase === "closed";
const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const quiet = () => performance.now() - heard;
const away = () => hidden !== null && performance.now() - hidden > HIDDEN;
const jitter = (most) => Math.random() * most;

// What a person is told: always a word beside the sign

function state() {
  if (over()) return "live"; // nothing more comes
  if (unsent >= UNSENT || navigator.onLine === false) return "offline";
  if (heard === null) return "catching-up";
  if (quiet() > STALE) return "stale";
  return lost || newest > version() ? "catching-up" : "live";
}

function show() {
  const from = sign.dataset.state, to = state();
  const words = to === "stale" ? `${WORDS.stale} ${at}` : WORDS[to];
  if (sign.textContent !== words) sign.textContent = words;
  if (from === to) return;
  sign.dataset.state = to;
  tell("board:state", { from, to });
}

function alive(seen, now) {
  if (lost || quiet() > STALE) tell("clock:lost");
  heard = performance.now();
  lost = false;
  unsent = 0; // presses may fail while the server is heard: then their own sentence says so
  const asked = { now: now ?? Number(part().querySelector("[data-now]")?.dataset.now) };
  document.dispatchEvent(new CustomEvent("clock:ask", { detail: asked })); // the device's own date is asked by nobody
  at = new Date(asked.now).toLocaleTimeString();
  newest = Math.max(newest, seen);
  show();
}

function take(html, fresh) {
  newest = fresh; // a restored database may know less than before
  tell("board:part", { html, version: fresh });
  if (edition !== board.dataset.edition && part().dataset.box !== box) board.querySelector("[data-outdated]").hidden = false;
  box = part().dataset.box;
}

// The stream

function connect() {
  clearTimeout(returning);
  clearTimeout(waiting);
  source?.close();
  if (over()) return show();
  if (document.hidden && hidden === null) hidden = performance.now();
  const mine = source = new EventSource(`${board.dataset.live}?after=${version()}`);
  waiting = setTimeout(() => fall(mine, FAILED), SILENT); // a proxy that buffers: nothing comes, and no error either
  const came = () => {
    failures = 0;
    rest();
    clearTimeout(waiting);
    waiting = setTimeout(() => doubt(mine), SILENT + jitter(SPREAD));
  };
  mine.addEventListener("beat", ({ data }) => {
    const beat = JSON.parse(data);
    came();
    alive(beat.version, beat.now);
    edition = beat.edition ?? edition;
    tell("board:beat", { silence: beat.silence });
    show();
  });
  mine.addEventListener("board", ({ data, lastEventId }) => {
    came();
    take(data, Number(lastEventId));
    alive(Number(lastEventId));
  });
  mine.addEventListener("end", ({ data }) => leave(mine, data));
  mine.addEventListener("error", () => fall(mine));
}

function leave(mine, why) {
  if (why === "no longer a reader") return poll().then(() => fall(mine)); // the answer says why: gone, or first a new code
  if (why === "signed out") return location.reload();
  if (why === "restart") {
    lost = true;
    return back(mine, jitter(AFTER_RESTART));
  }
  if (why !== "too many") return fall(mine);
  mine.close(); // the newest four pages keep their streams, an older one asks now and then
  clearTimeout(waiting);
  ask();
}

function fall(mine, much = 1) {
  if (mine !== source) return; // an earlier line, which a later one has replaced
  failures += much;
  if (polling === null) lost = true;
  if (failures >= FAILED) ask();
  back(mine, (failures > SOON ? 15_000 : RETURN) + jitter(SPREAD));
}

function doubt(mine) { // it spoke, and is silent: asked beside it, and later given up
  ask();
  waiting = setTimeout(() => fall(mine, FAILED), STALE - SILENT);
}

function back(mine, wait) {
  mine.close();
  clearTimeout(waiting);
  clearTimeout(returning);
  if (!document.hidden) returning = setTimeout(connect, wait);
  show();
}

// Asking, where no stream comes through

function ask() { // at once and then every five seconds; no sooner, however often the line comes and goes
  if (!over()) polling ??= setTimeout(again, Math.max(0, polled + POLL - 1000 + jitter(2000) - performance.now()));
}

function again() {
  if (away()) return; // goes on when somebody looks
  rest();
  poll();
  ask();
}

function rest() {
  clearTimeout(polling);
  polling = null;
}

async function poll() {
  const before = heard;
  polled = performance.now();
  try {
    const answer = await fetch(`${board.dataset.shared}?after=${version()}`);
    if (answer.status === 404) return tell("board:left");
    if (answer.redirected) return location.reload();
    const html = await answer.text(), fresh = Number(answer.headers.get("X-Board-Version"));
    if (answer.status === 200 && (heard === before || fresh >= newest)) take(html, fresh); // else the stream was quicker
    if (answer.ok) alive(version());
    if (answer.ok) tell("board:beat", { silence: Number(answer.headers.get("X-Board-Silence")) });
  } catch { show(); }
}

document.addEventListener("board:newest", ({ detail }) => {
  newest = Math.max(newest, detail);
  show();
  setTimeout(() => newest > version() && poll(), 1000);
});
document.addEventListener("board:left", () => { // a sentence in place of the board: nothing of it stays on the page
  for (const timer of [returning, waiting, polling]) clearTimeout(timer);
  source?.close();
  Object.assign(part().dataset, { phase: "closed", facilitator: "", here: "", said: "" });
  part().replaceChildren();
  board.replaceChildren(board.querySelector("[data-left]").content.cloneNode(true));
}, { once: true });
document.addEventListener("board:unsent", () => { unsent += 1; show(); });
document.addEventListener("board:sent", () => { unsent = 0; show(); });
setInterval(() => {
  show();
  if (!away()) return;
  source?.close();
  clearTimeout(waiting);
}, 1000);
document.addEventListener("visibilitychange", () => {
  hidden = document.hidden ? performance.now() : null;
  if (document.hidden) return;
  if (source?.readyState === EventSource.CLOSED) connect();
  if (polling === null) return;
  rest();
  ask();
});
addEventListener("offline", show);
addEventListener("online", () => { unsent = 0; connect(); });
box = part().dataset.box;
connect();
