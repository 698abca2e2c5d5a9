// The clock of the round. The server owns the time: it says when the box ends (data-ends) or what is left of it while
// paused (data-left), in milliseconds, beside its own now (data-now). The date of this device is never asked.
//   <div class="clock" role="timer" data-now="…" data-ends="…" data-left="" data-box="480000">
//     <svg …><circle class="rest" …></svg><output aria-live="off">8:00</output>
// Says "clock:mark" on the clock (detail.seconds) when 120, 30 and 0 seconds are left. Answers "clock:ask" on the document:
// detail.now becomes the server's time in milliseconds, once it is known. Learns from "clock:heard" on the document, whoever
// asked the server something: detail.now is its time in milliseconds, detail.before and .after are performance.now() around.
const KEPT = 8, SURE = 3, GLIDE = 2000, SMALL = 1000, MINUTE = 60_000, MARKS = [120, 30, 0];
let samples = [], gathering = 0;
let shown = null; // the offset the eye sees now; it glides from `from` to the best sample
let from = 0, since = 0;
const heard = new Map();

function best() {
  return samples.reduce((one, other) => (other.trip < one.trip ? other : one));
}

function offset() {
  const target = best().offset, part = Math.min(1, (performance.now() - since) / GLIDE);
  if (shown === null || Math.abs(target - from) > SMALL) shown = from = target;
  else shown = from + (target - from) * part;
  return shown;
}

function learn(server, before, after) {
  const sample = { offset: server - (before + after) / 2, trip: after - before };
  if (shown !== null) from = shown;
  since = performance.now();
  samples = [...samples, sample].slice(-KEPT);
}

async function ask() {
  const before = performance.now();
  const answer = await fetch("/clock/", { cache: "no-store", credentials: "omit" });
  if (answer.ok) learn(Number(await answer.text()), before, performance.now());
}

async function gather() {
  const mine = ++gathering;
  samples = []; // a sleeping device stops its own clock: what was learned before is worth nothing
  for (let tries = 0; samples.length < SURE && tries < 2 * SURE && mine === gathering; tries += 1) {
    await ask().catch(() => new Promise((done) => setTimeout(done, 1000)));
  }
}

function left(clock) {
  const { now, ends, left: rest } = clock.dataset;
  if (rest) return Number(rest);
  if (!ends) return null;
  if (samples.length) clock.shift = offset();
  else clock.shift ??= Number(now) - (clock.seen ??= performance.now()); // nearly right until the first sample is in
  return Math.max(0, Number(ends) - performance.now() - clock.shift);
}

function tell(clock, seconds) {
  const before = heard.get(clock.dataset.ends); // by deadline: the part may be swapped, or stand twice on the page
  const mark = MARKS.find((each) => seconds <= each && before > each);
  heard.set(clock.dataset.ends, seconds);
  if (mark !== undefined) clock.dispatchEvent(new CustomEvent("clock:mark", { bubbles: true, detail: { seconds: mark } }));
}

function draw(clock) {
  const rest = left(clock);
  if (rest === null) return;
  const seconds = Math.ceil(rest / 1000), paused = Boolean(clock.dataset.left);
  const digits = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const part = Math.min(1, rest / Number(clock.dataset.box || rest || 1));
  clock.querySelector("output").value = digits;
  clock.querySelector(".rest")?.setAttribute("stroke-dasharray", `${(part * 100).toFixed(2)} 200`);
  clock.dataset.state = paused ? "paused" : rest === 0 ? "over" : rest <= MINUTE ? "last" : "running";
  clock.dataset.sure = paused || samples.length >= SURE ? "yes" : "no";
  if (!paused) tell(clock, seconds);
}

function redraw() {
  document.querySelectorAll(".clock[data-now]").forEach(draw);
}

redraw();
if (document.querySelector("[data-now]")) gather();
setInterval(redraw, 250);
setInterval(() => document.querySelector("[data-now]") && ask().catch(() => {}), MINUTE);
document.addEventListener("clock:heard", ({ detail: { now, before, after } }) => learn(now, before, after));
document.addEventListener("clock:lost", gather);
document.addEventListener("clock:ask", ({ detail }) => { if (samples.length) detail.now = performance.now() + offset(); });
document.addEventListener("visibilitychange", () => document.hidden || gather());
for (const name of ["pageshow", "online"]) addEventListener(name, (event) => event.persisted === false || gather());
