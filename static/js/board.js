// The live board: presses, keys, and the own marks on the shared part. The line to the server is in stream.js.
// The shared part comes whole and alike for everybody; what is mine (dots, thumb, rights) is painted on it here.
const ALIVE = 20_000, OFTEN = 1000, KEPT = 60_000, TEXT = 10_000, HELD = 1000, CLICK = 350, READ = 6000;
const board = document.querySelector("#board");
const shared = board.querySelector("#shared");
const said = board.querySelector("[data-said]"), refusal = board.querySelector("[data-refusal]"), told = board.querySelector("[data-told]");
const own = JSON.parse(document.querySelector("#own")?.textContent ?? "{}");
const unsure = new Set(); // presses that are on their way: a hollow sign until the answer
const newest = new Map(); // of each dot, thumb and hand the number of the last press: an older one no longer tries
let tone = null, lost = false, sentences = [];
let answered = 0, looked = -Infinity, looking; // presses so far; when the own part was last asked for on sight
let reading; // until what was answered has been read
let held = null, late = null; // a finger is down on the shared part; what came meanwhile

const onTheWall = board.dataset.view === "room";
const part = () => shared.firstElementChild;
const version = () => Number(part().dataset.version);

function say(sentence) { // gathered: what comes in one moment is heard as one
  if (!sentences.length) setTimeout(() => { said.textContent = sentences.splice(0).join(" "); }, 50);
  sentences = [...sentences.filter((one) => !sentence.startsWith(one)), sentence]; // "Time." goes into "Time. Thumbs: ..."
}

function tell(sentence) { // the answer to my own press: for the eye, too
  say(sentence);
  told.textContent = sentence;
  told.hidden = false;
  clearTimeout(reading);
  reading = setTimeout(() => { told.hidden = true; }, READ);
}

// The shared part: swapped whole; focus and open details stay where they were, because ids stay

function take(html, fresh) {
  if (!html.trim() || (fresh !== undefined && fresh === version())) return;
  if (held !== null) { late = [html, fresh]; return; }
  const before = { ...part().dataset, topics: topics() }, active = document.activeElement;
  const focused = shared.contains(active) ? mark(active) : null;
  const stay = focused ? null : place(active);
  const opened = [...shared.querySelectorAll("details[open]")].map((one) => one.id);
  const chosen = [...shared.querySelectorAll("select[id], input[id]")].map((one) => [one.id, one.value]);
  const next = document.createRange().createContextualFragment(html);
  shared.replaceChildren(...next.children);
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  for (const [id, value] of chosen) {
    const field = document.getElementById(id);
    if (field && (field.tagName === "INPUT" || field.querySelector(`[value="${value}"]`))) field.value = value;
  }
  tellNews(before, { ...part().dataset, topics: topics() });
  paint();
  if (focused) again(focused).focus({ preventScroll: true });
  stay?.();
}

function place(field) { // whoever writes beside the shared part has the field where it was, however that part has grown
  const top = field.getBoundingClientRect().top;
  return () => top >= 0 && top < innerHeight && scrollBy({ top: field.getBoundingClientRect().top - top, behavior: "instant" });
}

function again(focused) { // what has gone from the page leaves the focus at what is on now, not at the top
  const same = [...shared.querySelectorAll("a, button, summary, select, input")].find((one) => mark(one) === focused && one.offsetParent);
  return same ?? shared.querySelector("#now-title");
}

const topics = () => shared.querySelectorAll("[data-topic]").length;

// A button that is swapped between press and release is never clicked, so the news wait for the finger; not for long

function hold() {
  clearTimeout(held);
  held = setTimeout(release, HELD);
}

function release() {
  clearTimeout(held);
  held = null;
  const came = late;
  late = null;
  if (came) take(...came);
}

shared.addEventListener("pointerdown", hold);
shared.addEventListener("keydown", (event) => event.key === " " && hold());
// The click comes after the release, on a touch screen some time after; what it does comes first.
for (const [end, wait] of [["click", 0], ["keyup", 0], ["pointercancel", 0], ["pointerup", CLICK]]) addEventListener(end, () => held !== null && setTimeout(release, wait));

function tellNews(before, now) {
  const news = [];
  if (now.step !== before.step) news.push(now.said);
  if (now.news !== before.news && now.news) news.push(now.news);
  const merged = Number(now.merges) - Number(before.merges);
  if (merged) countAgain(merged > 0 ? "two topics were merged" : "two topics were taken apart");
  else if (now.phase === "dots" && before.phase === "dots" && now.topics > before.topics) news.push("A late topic has come: it takes part in this count.");
  if (news.length) say(news.join(" "));
}

async function countAgain(why) {
  if (onTheWall) return;
  const rest = own.rest; // dots may have come back to me: nobody else is told
  await new Promise((wake) => setTimeout(wake, Math.random() * 1000));
  await refresh();
  const came = own.rest - rest;
  if (came > 0) tell(`${came === 1 ? "A dot" : `${came} dots`} came back: ${why}.`);
  else say(`${why[0].toUpperCase()}${why.slice(1)}.`);
}

function mark(element) { // what names it again in the next part; the same link may stand at two topics
  const { form = "", href = "" } = Object.fromEntries([...element.attributes].map((one) => [one.name, one.value]));
  return element.id || `${element.tagName} ${form} ${element.name} ${element.value} ${href} ${element.closest("[id]")?.id}`;
}

function paint() {
  const now = part().dataset;
  if (own.dots_call !== Number(now.dotsCall)) Object.assign(own, { dots_call: Number(now.dotsCall), dots: {}, rest: Number(now.budget), done: false });
  if (own.thumbs_call !== Number(now.thumbsCall)) Object.assign(own, { thumbs_call: Number(now.thumbsCall), thumb: "" });
  Object.assign(board.dataset, { phase: now.phase, box: now.box, thumb: own.thumb ?? "" });
  if (onTheWall) return;
  own.here = now.here.split(" ").includes(own.me);
  paintTakeaway(now.round);
  board.dataset.rights = rights(now).join(" ");
  for (const topic of shared.querySelectorAll("[data-topic]")) paintDots(topic, own.dots[topic.dataset.topic] ?? 0);
  for (const button of shared.querySelectorAll("[name=thumb]")) button.setAttribute("aria-pressed", String(button.value === own.thumb));
  shared.querySelector("[data-own=done]")?.setAttribute("aria-pressed", String(Boolean(own.done)));
  const hand = board.querySelector("[data-own=hand]");
  if (hand) hand.value = own.hand ? "lower" : "hand";
  if (hand) hand.querySelector("span").textContent = own.hand ? "Lower my hand" : "Raise my hand";
  shared.querySelector(".budget")?.replaceChildren(`You have ${own.rest} of ${now.budget} dots left.`);
  for (const foot of shared.querySelectorAll("[data-theirs]")) foot.hidden = foot.dataset.theirs !== own.me;
  for (const plus of shared.querySelectorAll("[data-agree]")) paintAgreed(plus, (own.agrees ?? []).includes(plus.dataset.agree));
  for (const asked of shared.querySelectorAll("[data-asks]")) asked.hidden = !own.topics.includes(asked.closest("[data-topic]").dataset.topic);
  for (const foot of shared.querySelectorAll("[data-mine]")) paintTools(foot, foot.parentElement.dataset.topic);
  for (const button of board.querySelectorAll("button")) button.toggleAttribute("data-sending", unsure.has(sense(button)));
}

function paintAgreed(plus, along) {
  plus.setAttribute("aria-pressed", String(along));
  plus.value = `${along ? "agree_no" : "agree"}:${plus.dataset.agree}`;
}

function paintTools(foot, topic) { // for my own topics alone, so they are not sent to everybody with each of them
  foot.hidden = !own.topics.includes(topic);
  if (foot.hidden || foot.firstChild) return;
  const tools = board.querySelector("[data-tools]").content.cloneNode(true), link = tools.querySelector("a"), buttons = tools.querySelectorAll("button");
  link.setAttribute("href", link.getAttribute("href").replace("/-/", `/${topic}/`));
  for (const button of buttons) button.value += topic;
  buttons[buttons.length - 1].textContent = foot.dataset.mine;
  foot.append(tools);
}

function paintTakeaway(round) {
  const form = document.querySelector("#takeaway");
  if (!form || board.dataset.round === round) return;
  board.dataset.round = round; // another topic: what stands in the form belongs to the last one
  form.querySelector("textarea").value = "";
  form.querySelector("[name=revision]").value = "0";
  showBoth(form, null);
}

function showBoth(form, stands) {
  const beside = form.querySelector("[data-stands]");
  if (!beside) return;
  beside.hidden = !stands;
  beside.querySelector("p").innerText = stands?.text ?? "";
  if (stands) form.querySelector("[name=revision]").value = String(stands.revision); // seen now: the next press says so
}

function rights(now) {
  const leads = now.facilitator === own.me, keeps = now.timekeeper === own.me, absent = !now.here.split(" ").filter(Boolean).includes(now.opener);
  const held = {
    lead: leads, keep: leads || keeps, sponsor: now.opener === own.me || (leads && absent),
    turn: own.me !== "" && now.turn === own.me, asked: leads || now.asked === own.me, back: now.back === own.me,
    speak: now.speaker === own.me, hear: leads || [now.speaker, now.opener, now.turn].includes(own.me),
    tidy: now.phase === "open" ? own.topics.length > 0 : leads,
    here: own.here, away: !own.here, unled: own.here && !leads && own.silence >= (keeps ? 1 : 2), // the timekeeper may take over before the others
  };
  return Object.keys(held).filter((name) => held[name]);
}

function paintDots(topic, mine) {
  for (const button of topic.querySelectorAll("[data-slot]")) {
    const slot = Number(button.dataset.slot);
    button.setAttribute("aria-pressed", String(slot <= mine));
    button.disabled = slot > mine + own.rest;
    button.value = `${topic.dataset.topic}:${slot === mine ? slot - 1 : slot}`;
  }
}

// Presses: an ordinary form, sent by hand so that it can wait for the line and show what is not sure yet

async function press(form, button) {
  const fields = new FormData(form, button), name = sense(button);
  if (fields.has("step")) fields.set("step", part().dataset.step);
  if (fields.has("call")) fields.set("call", form.id === "dots" ? part().dataset.dotsCall : part().dataset.thumbsCall);
  if (fields.has("key") && form.id !== "propose") fields.set("key", crypto.randomUUID?.() ?? uuid());
  const waits = patience(form, button), thing = subject(form, button), number = (newest.get(thing) ?? 0) + 1;
  if (waits === KEPT) newest.set(thing, number); // a choice that is made anew; of words each is one of its own
  unsure.add(name);
  paint();
  const current = () => waits !== KEPT || newest.get(thing) === number;
  const answer = await send(form.action, fields, waits, current).catch((failure) => ({ failed: failure.message }));
  unsure.delete(name);
  if (answer.outdated) return paint();
  refuse(answer.failed ?? answer.refused);
  if (answer.failed) return paint();
  Object.assign(own, answer);
  answered += 1;
  if (answer.stands) showBoth(form, answer.stands);
  if (answer.said) tell(answer.said);
  if (form.id === "merge" && !answer.refused) shared.querySelector("#tidy")?.removeAttribute("open"); // or a second press merges two others
  if (form.id === "dots" && !answer.refused) say(`You have ${own.rest} of ${part().dataset.budget} dots left.`);
  paint();
  if (!answer.refused && form.matches(".card")) done(form);
  document.dispatchEvent(new CustomEvent("board:newest", { detail: answer.version }));
}

// Own dots, thumb and hand wait a minute for the line, a text ten seconds. What moves the clock or a role goes now or not
// at all: a minute later it would be another press.
function patience(form, button) {
  if (["dots", "thumbs"].includes(form.id) || ["hand", "lower", "done"].includes(button?.value)) return KEPT;
  return form.matches(".card") ? TEXT : 0;
}

function subject(form, button) {
  return `${form.id} ${button?.closest("[data-topic]")?.dataset.topic ?? button?.dataset.own ?? ""}`;
}

function sense(button) {
  const place = button?.dataset.slot ? `${button.closest("[data-topic]").dataset.topic} ${button.dataset.slot}` : button?.dataset.own ?? button?.value;
  return `${button?.form?.id} ${button?.name} ${place}`;
}

function uuid() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

async function send(address, fields, patience, current) {
  const until = performance.now() + patience, body = new URLSearchParams(fields);
  for (let tries = 1; ; tries += 1) {
    if (!patience && navigator.onLine === false) throw new Error("You are offline: this press was not sent.");
    const before = performance.now();
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
    const after = performance.now();
    if (answer?.redirected) location.reload();
    if (answer?.status === 404) document.dispatchEvent(new Event("board:left"));
    if (answer && answer.status < 500) {
      document.dispatchEvent(new Event("board:sent"));
      if (answer.ok || answer.status === 409) {
        const told = await answer.json();
        if (told.now) document.dispatchEvent(new CustomEvent("clock:heard", { detail: { now: told.now, before, after } }));
        return told;
      }
      throw new Error(answer.status === 429 ? "Too many presses in a minute: wait a little." : "This press was not taken: load the page again.");
    }
    document.dispatchEvent(new Event("board:unsent"));
    const pause = Math.min(1000 * 2 ** (tries - 1), 5000) * (0.75 + Math.random() / 2);
    if (performance.now() + pause > until) throw new Error("This did not get through: press again when you are live.");
    if (tries === 1) say("Not saved yet, trying again.");
    await new Promise((wake) => {
      addEventListener("online", wake, { once: true });
      setTimeout(wake, pause);
    });
    if (!current()) return { outdated: true };
  }
}

function done(form) {
  if (form.id === "promise" || form.id === "pulse") return form.id === "promise" ? tell("Kept.") : undefined;
  const revision = form.querySelector("[name=revision]");
  if (revision) {
    revision.value = String(Number(revision.value) + 1);
    showBoth(form, null);
    return tell("Kept.");
  }
  form.querySelectorAll("input:not([type=hidden]), textarea").forEach((field) => { field.value = ""; field.checked = false; });
  const key = form.querySelector("[name=key]");
  if (key) key.value = crypto.randomUUID?.() ?? uuid();
}

function refuse(sentence) {
  refusal.hidden = !sentence;
  refusal.textContent = sentence ?? "";
  if (sentence) told.hidden = true;
}

refusal.addEventListener("click", () => refuse(""));

document.addEventListener("submit", (event) => {
  if (!board.contains(event.target) || event.target.method !== "post") return;
  event.preventDefault();
  press(event.target, event.submitter);
});

// What the line brings

document.addEventListener("board:part", ({ detail }) => take(detail.html, detail.version));
document.addEventListener("board:beat", ({ detail }) => {
  if (detail.silence === null || own.silence === detail.silence) return; // a stream that has just begun knows nothing yet
  own.silence = detail.silence;
  paint();
});
document.addEventListener("board:state", ({ detail }) => {
  if (detail.to === "offline") say("Connection lost; the clock runs on.");
  if (detail.to === "live" && lost) say("Live again.");
  lost = detail.to !== "live" && (lost || detail.to === "offline");
});

async function refresh() {
  if (onTheWall) return; // the wall is everybody's
  const before = answered, answer = await fetch(board.dataset.own).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const told = await answer.json();
  if (answered !== before) return refresh(); // a press was answered meanwhile, perhaps with something newer
  Object.assign(own, told);
  paint();
}

function look() { // my other window or device may have pressed
  if (document.hidden || !own.me) return;
  clearTimeout(looking);
  looking = setTimeout(() => { looked = performance.now(); refresh(); }, Math.max(0, looked + OFTEN - performance.now()));
}

document.addEventListener("visibilitychange", look);
addEventListener("focus", look);

// What one device does: keys act until they are switched off, tone and vibration rest until they are switched on

const DEFAULTS = { keys: "on", sound: "off", vibration: "off" };
const wants = (name) => (localStorage.getItem(`board ${name}`) ?? DEFAULTS[name]) === "on";

function remind() {
  if (wants("vibration")) navigator.vibrate?.(200);
  if (!wants("sound")) return;
  tone ??= new AudioContext();
  const voice = tone.createOscillator(), volume = tone.createGain(), now = tone.currentTime;
  voice.frequency.value = 440;
  volume.gain.setValueAtTime(0.0001, now);
  volume.gain.exponentialRampToValueAtTime(0.15, now + 0.05);
  volume.gain.exponentialRampToValueAtTime(0.0001, now + 0.8);
  voice.connect(volume).connect(tone.destination);
  voice.start(now);
  voice.stop(now + 0.8);
}

for (const box of document.querySelectorAll("[data-device]")) {
  box.checked = wants(box.dataset.device);
  box.addEventListener("change", () => {
    localStorage.setItem(`board ${box.dataset.device}`, box.checked ? "on" : "off");
    if (box.checked && box.dataset.device === "sound") remind(); // heard once, and the browser allows it from now on
  });
}
const help = document.querySelector("#keys");
document.querySelector("[data-keys-open]")?.addEventListener("click", () => help.showModal());

document.addEventListener("clock:mark", ({ detail: { seconds }, target }) => {
  if (target.closest(".now") && seconds <= 30) remind();
  if (target.closest(".now")) say({ 120: "2 minutes left.", 30: "30 seconds left.", 0: "Time." }[seconds]);
});
async function sayAlive() {
  const { facilitator, timekeeper, phase } = part().dataset;
  if (!own.me || ![facilitator, timekeeper].includes(own.me) || phase === "closed") return;
  const fields = new FormData(document.querySelector("#people"));
  fields.set("act", "alive");
  const answer = await send(board.dataset.attend, fields, 0).catch(() => null);
  if (answer?.silence === undefined || answer.silence === own.silence) return;
  own.silence = answer.silence; // nothing else of an answer that nobody pressed for: a press may be on its way
  paint();
}

setInterval(sayAlive, ALIVE);

// Keys: single letters, only while no field has the focus; each is a visible button too

const KEYS = { h: "[data-own=hand]", d: "[data-own=done]", m: "[value=pause]", g: "[value=plus_minute]", e: "[value=enough]", u: "[value=undo]", n: "[value^=next], [value=begin], [value=over], :is(.now, .prompt) [value=enough]" };
const ARROWS = { ArrowUp: "up", ArrowRight: "sideways", ArrowDown: "down" };

function dotKey(event) {
  const number = Number(event.code.replace("Digit", ""));
  const topic = shared.querySelectorAll("[data-topic]")[number - 1];
  if (!topic?.querySelector("[data-slot]")) return;
  const dots = (own.dots[topic.dataset.topic] ?? 0) + (event.shiftKey ? -1 : 1);
  const button = topic.querySelector(`[data-slot="${Math.max(1, dots)}"]`);
  if (!button || dots < 0) return;
  button.value = `${topic.dataset.topic}:${dots}`;
  press(document.querySelector("#dots"), button);
}

function propose() {
  document.querySelector("#new-topic")?.setAttribute("open", "");
  document.querySelector("#propose [name=title]")?.focus();
}

function visible(selector) {
  return [...board.querySelectorAll(selector)].find((one) => one.offsetParent !== null);
}

document.addEventListener("keydown", (event) => {
  if (!wants("keys") || help?.open || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (/^Digit[1-9]$/.test(event.code)) return dotKey(event);
  if (ARROWS[event.key]) {
    const thumb = shared.querySelector(`[name=thumb][value=${ARROWS[event.key]}]`);
    if (!thumb) return;
    thumb.click();
  } else if (event.key === " " && !event.target.closest("button, summary, a")) (visible("[value=resume]") ?? visible("[value=pause]"))?.click();
  else if (event.key === "?" && help?.isConnected) help.showModal();
  else if (event.key === "p") propose();
  else if (event.key === "t") document.querySelector("#takeaway textarea")?.focus();
  else if (KEYS[event.key]) visible(KEYS[event.key])?.click();
  else return;
  event.preventDefault();
});

const hands = JSON.parse(document.querySelector("#hands")?.textContent ?? "{}"); // counted in the room so far
for (const field of shared.querySelectorAll("[data-hand]")) field.value = hands[field.dataset.hand] ?? "";

board.querySelector("[data-refresh]")?.setAttribute("hidden", "");
for (const one of board.querySelectorAll("[data-scripted]")) one.hidden = false;
paint();
sayAlive();
