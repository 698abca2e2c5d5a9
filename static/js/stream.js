// The line to a live board: an event stream, polling where none comes through, and one word for how it stands.
//   <div id="board" data-live="…" data-shared="…" data-edition="…"> <span data-connection …> <div id="shared"> … data-version="…"
// Says on the document: "board:part" (detail.html, .version), "board:beat" (detail.silence), "board:state" (detail.from, .to),
// "clock:lost" when what was known of the time may be old. Hears "board:newest" (detail: a version that an answer showed),
// "board:sent" and "board:unsent" (whether presses get through),
// "board:left" (an answer said that this board is not for me any more).
const STALE = 25_000, HIDDEN = 30_000, POLL = 5_000, FIRST_BEAT = 12_000, AFTER_RESTART = 4000;
const SOON = 3, RETURN = 500, SPREAD = 2000; // a server that comes again within seconds is found within five
const WORDS = { live: "Live", "catching-up": "Catching up", stale: "As of", offline: "Offline, the clock runs on" };
const board = document.querySelector("#board"), sign = board.querySelector("[data-connection]");
const shared = board.querySelector("#shared");
let source = null, returning, waiting, polling = null, failures = 0;
let heard = null, at = null, newest = 0, unsent = false, hidden = null, edition = board.dataset.edition, box = null;

const part = () => shared.firstElementChild;
const version = () => Number(part().dataset.version);
const over = () => part().dataset.phase === "closed";
const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const jitter = (most) => Math.random() * most;

// What a person is told: always a word beside the sign

function state() {
  if (over()) return "live"; // nothing more comes
  if (unsent || navigator.onLine === false) return "offline";
  if (heard === null) return "catching-up";
  if (performance.now() - heard > STALE) return "stale";
  return failures && polling === null || newest > version() ? "catching-up" : "live";
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
  if (heard === null || failures || performance.now() - heard > STALE) tell("clock:lost");
  heard = performance.now();
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
  waiting = setTimeout(() => fall(mine, 2), FIRST_BEAT); // a proxy that buffers: nothing comes, and no error either
  const came = () => {
    clearTimeout(waiting);
    clearInterval(polling);
    polling = null;
  };
  mine.addEventListener("beat", ({ data }) => {
    const beat = JSON.parse(data);
    came();
    alive(beat.version, beat.now);
    failures = 0;
    edition = beat.edition ?? edition;
    tell("board:beat", { silence: beat.silence });
    show();
  });
  mine.addEventListener("board", ({ data, lastEventId }) => {
    came();
    take(data, Number(lastEventId));
    alive(Number(lastEventId));
    failures = 0;
    show();
  });
  mine.addEventListener("end", ({ data }) => leave(mine, data));
  mine.addEventListener("error", () => fall(mine));
}

function leave(mine, why) {
  if (why === "no longer a reader") return poll().then(() => fall(mine)); // the answer says why: gone, or first a new code
  if (why === "signed out") return location.reload();
  if (why === "restart") {
    failures ||= 1; // catching up, until it is heard again
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
  if (failures > SOON) ask();
  back(mine, (polling === null ? RETURN : 15_000) + jitter(SPREAD));
}

function back(mine, wait) {
  mine.close();
  clearTimeout(waiting);
  clearTimeout(returning);
  if (!document.hidden) returning = setTimeout(connect, wait);
  show();
}

// Asking, where no stream comes through

function ask() {
  polling ??= setInterval(poll, POLL - 1000 + jitter(2000));
}

async function poll() {
  try {
    const answer = await fetch(`${board.dataset.shared}?after=${version()}`);
    if (answer.status === 404) return tell("board:left");
    if (answer.redirected) return location.reload();
    if (answer.status === 200) take(await answer.text(), Number(answer.headers.get("X-Board-Version")));
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
document.addEventListener("board:unsent", () => { unsent = true; show(); });
document.addEventListener("board:sent", () => { unsent = false; show(); });
setInterval(() => {
  show();
  if (document.hidden && hidden !== null && performance.now() - hidden > HIDDEN) source?.close();
}, 1000);
document.addEventListener("visibilitychange", () => {
  hidden = document.hidden ? performance.now() : null;
  if (!document.hidden && source?.readyState === EventSource.CLOSED) connect();
});
addEventListener("offline", show);
addEventListener("online", () => { unsent = false; connect(); });
box = part().dataset.box;
connect();
