// The live board: its stream, the states of the connection, presses, keys, and the own marks on the shared part.
// The shared part comes whole and alike for everybody; what is mine (dots, thumb, rights) is painted on it here.
const STALE = 25_000, HIDDEN = 30_000, POLL = 5_000, FIRST_BEAT = 12_000, ALIVE = 20_000, TRIES = 3;
const WORDS = { live: "Live", "catching-up": "Catching up", stale: "As of", offline: "Offline, the clock runs on" };
const board = document.querySelector("#board");
const shared = board.querySelector("#shared");
const said = board.querySelector("[data-said]"), refusal = board.querySelector("[data-refusal]");
const own = JSON.parse(document.querySelector("#own")?.textContent ?? "{}");
let source = null, heard = 0, failures = 0, polling = null, hiddenSince = null, tone = null;

const part = () => shared.firstElementChild;
const version = () => Number(part().dataset.version);

function show(state) {
  const sign = board.querySelector("[data-connection]");
  if (sign.dataset.state === state && state !== "stale") return;
  if (state === "offline") say("Connection lost; the clock runs on.");
  if (state === "live" && sign.dataset.state === "offline") say("Live again.");
  sign.dataset.state = state;
  sign.textContent = state === "stale" ? `${WORDS.stale} ${new Date(Date.now() - performance.now() + heard).toLocaleTimeString()}` : WORDS[state];
}

function say(sentence) {
  said.textContent = sentence;
}

// The shared part: swapped whole; focus and open details stay where they were, because ids stay

function take(html, fresh) {
  if (!html.trim() || (fresh !== undefined && fresh === version())) return;
  const before = { ...part().dataset }, active = document.activeElement;
  const focused = shared.contains(active) ? mark(active) : null;
  const opened = [...shared.querySelectorAll("details[open]")].map((one) => one.id);
  const chosen = [...shared.querySelectorAll("select[id], input[id]")].map((one) => [one.id, one.value]);
  const next = document.createRange().createContextualFragment(html);
  shared.replaceChildren(...next.children);
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  for (const [id, value] of chosen) {
    const field = document.getElementById(id);
    if (field && (field.tagName === "INPUT" || field.querySelector(`[value="${value}"]`))) field.value = value;
  }
  if (focused) [...shared.querySelectorAll("button, summary, select, input")].find((one) => mark(one) === focused)?.focus({ preventScroll: true });
  tellNews(before, part().dataset);
  paint();
}

function tellNews(before, now) {
  const news = [];
  if (now.step !== before.step) news.push(now.said);
  if (now.news !== before.news && now.news) news.push(now.news);
  if (now.merges !== before.merges) countAgain(Number(now.merges) > Number(before.merges) ? "two topics were merged" : "two topics were taken apart");
  if (news.length) say(news.join(" "));
}

async function countAgain(why) {
  const rest = own.rest; // dots may have come back to me: nobody else is told
  await new Promise((wake) => setTimeout(wake, Math.random() * 1000));
  await refresh();
  const came = own.rest - rest;
  if (came > 0) say(`${came === 1 ? "A dot" : `${came} dots`} came back: ${why}.`);
}

const mark = (element) => element.id || `${element.getAttribute("form")} ${element.name} ${element.value} ${element.tagName}`;

function paint() {
  const now = part().dataset;
  if (own.dots_call !== Number(now.dotsCall)) Object.assign(own, { dots_call: Number(now.dotsCall), dots: {}, rest: Number(now.budget), done: false });
  if (own.thumbs_call !== Number(now.thumbsCall)) Object.assign(own, { thumbs_call: Number(now.thumbsCall), thumb: "" });
  Object.assign(board.dataset, { phase: now.phase, box: now.box, thumb: own.thumb ?? "" });
  if (board.dataset.view === "room") return;
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
  for (const plus of shared.querySelectorAll("[data-agree]")) plus.setAttribute("aria-pressed", String((own.agrees ?? []).includes(plus.dataset.agree)));
  for (const asked of shared.querySelectorAll("[data-asks]")) asked.hidden = !own.topics.includes(asked.closest("[data-topic]").dataset.topic);
  for (const foot of shared.querySelectorAll("[data-mine]")) foot.hidden = !own.topics.includes(foot.parentElement.dataset.topic);
}

function paintTakeaway(round) {
  const form = document.querySelector("#takeaway");
  if (!form || board.dataset.round === round) return;
  board.dataset.round = round; // another topic: what stands in the form belongs to the last one
  form.querySelector("textarea").value = "";
  form.querySelector("[name=revision]").value = "0";
}

function rights(now) {
  const leads = now.facilitator === own.me, absent = !now.here.split(" ").filter(Boolean).includes(now.opener);
  const held = {
    lead: leads, keep: leads || now.timekeeper === own.me, sponsor: now.opener === own.me || (leads && absent),
    turn: own.me !== "" && now.turn === own.me, asked: leads || now.asked === own.me, back: now.back === own.me,
    speak: now.speaker === own.me, hear: leads || [now.speaker, now.opener, now.turn].includes(own.me),
    tidy: now.phase === "open" ? own.topics.length > 0 : leads,
    here: own.here, away: !own.here, unled: own.unled && own.here && !leads,
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
  const fields = new FormData(form, button);
  if (fields.has("step")) fields.set("step", part().dataset.step);
  if (fields.has("key") && form.id !== "propose") fields.set("key", crypto.randomUUID?.() ?? uuid());
  button?.setAttribute("data-sending", "");
  const answer = await send(form.action, fields, form.id !== "turns").catch(() => null);
  button?.removeAttribute("data-sending");
  if (!answer) return refuse("This did not get through: try again when you are live.");
  refuse(answer.refused);
  Object.assign(own, answer);
  if (answer.said) say(answer.said);
  if (form.id === "dots" && !answer.refused) say(`You have ${own.rest} of ${part().dataset.budget} dots left.`);
  paint();
  if (!answer.refused && form.matches(".card")) done(form);
  setTimeout(() => answer.version > version() && poll(), 1000);
}

function uuid() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

async function send(address, fields, waits) {
  for (let tries = 0; ; tries += 1) {
    try {
      const answer = await fetch(address, { method: "POST", body: new URLSearchParams(fields), headers: { Accept: "application/json" } });
      if (answer.redirected || answer.status === 404) return location.reload();
      if (answer.ok || answer.status === 409) return await answer.json();
    } catch { /* the line is down */ }
    if (!waits || tries >= TRIES) { show("offline"); throw new Error("not sent"); }
    await new Promise((wake) => setTimeout(wake, 1000 * 2 ** tries));
  }
}

function done(form) {
  if (form.id === "promise" || form.id === "pulse") return form.id === "promise" ? say("Kept.") : undefined;
  const revision = form.querySelector("[name=revision]");
  if (revision) { revision.value = String(Number(revision.value) + 1); return say("Kept."); }
  form.querySelectorAll("input:not([type=hidden]), textarea").forEach((field) => { field.value = ""; field.checked = false; });
  const key = form.querySelector("[name=key]");
  if (key) key.value = crypto.randomUUID?.() ?? uuid();
}

function refuse(sentence) {
  refusal.hidden = !sentence;
  refusal.textContent = sentence ?? "";
}

document.addEventListener("submit", (event) => {
  if (!board.contains(event.target) || event.target.method !== "post") return;
  event.preventDefault();
  press(event.target, event.submitter);
});

// The stream, and polling where it does not come through

function connect() {
  source?.close();
  source = new EventSource(`${board.dataset.live}?after=${version()}`);
  const waiting = setTimeout(() => fall(), FIRST_BEAT);
  source.addEventListener("beat", ({ data }) => {
    clearTimeout(waiting);
    const beat = JSON.parse(data);
    own.unled = !beat.led;
    alive();
    if (beat.version > version()) show("catching-up");
    paint();
  });
  source.addEventListener("board", ({ data, lastEventId }) => { clearTimeout(waiting); take(data, Number(lastEventId)); alive(); });
  source.addEventListener("end", ({ data }) => {
    if (data === "no longer a reader" || data === "signed out") return location.reload();
    if (data !== "too many") return fall();
    source.close(); // the newest four pages keep their streams, an older one asks now and then
    polling ??= setInterval(poll, POLL);
  });
  source.addEventListener("error", () => { clearTimeout(waiting); fall(); });
}

function alive() {
  if (failures || !heard) document.dispatchEvent(new Event("clock:lost")); // what was known of the time may be old
  [heard, failures] = [performance.now(), 0];
  clearInterval(polling);
  polling = null;
  show("live");
}

function fall() {
  source.close();
  failures += 1;
  if (polling === null) show("catching-up");
  if (failures >= 2) polling ??= setInterval(poll, POLL - 1000 + Math.random() * 2000);
  if (!document.hidden) setTimeout(connect, (polling === null ? 1000 : 15_000) + Math.random() * 4000);
}

async function poll() {
  try {
    const answer = await fetch(`${board.dataset.shared}?after=${version()}`);
    if (answer.status === 404 || answer.redirected) return location.reload();
    if (answer.status === 200) take(await answer.text(), Number(answer.headers.get("X-Board-Version")));
    if (!answer.ok) return;
    if (!heard) document.dispatchEvent(new Event("clock:lost"));
    heard = performance.now();
    show("live");
  } catch { show("offline"); }
}

async function refresh() {
  const answer = await fetch(board.dataset.own).catch(() => null);
  if (answer?.ok && !answer.redirected) { Object.assign(own, await answer.json()); paint(); }
}

setInterval(() => {
  if (performance.now() - heard > STALE && heard) show("stale");
  if (document.hidden && hiddenSince && performance.now() - hiddenSince > HIDDEN) source.close();
}, 1000);
document.addEventListener("visibilitychange", () => {
  hiddenSince = document.hidden ? performance.now() : null;
  if (document.hidden) return;
  if (source.readyState === EventSource.CLOSED) connect();
  if (own.me) refresh();
});
addEventListener("offline", () => show("offline"));
addEventListener("online", connect);
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
function sayAlive() {
  if (!own.me || part().dataset.facilitator !== own.me || document.hidden) return;
  const fields = new FormData(document.querySelector("#people"));
  fields.set("act", "alive");
  send(board.dataset.attend, fields, false).catch(() => {});
}

setInterval(sayAlive, ALIVE);

// Keys: single letters, only while no field has the focus; each is a visible button too

const KEYS = { h: "[data-own=hand]", d: "[data-own=done]", m: "[value=pause]", g: "[value=plus_minute]", e: "[value=enough]", u: "[value=undo]", n: "[value=next], [value=begin], [value=over], .now [value=enough]" };
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
  else if (event.key === "?") help?.showModal();
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
connect();
sayAlive();
