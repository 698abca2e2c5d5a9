// Review by keys. Every key presses a button that is on the page; without this file the buttons and links still work.
const card = document.querySelector("#card");
const rows = () => [...document.querySelectorAll(".applicants > li")];
const shown = () => card.querySelector("[data-application]")?.dataset.application;
const here = () => rows().findIndex((row) => row.id === `row-${shown()}`);
const typing = (element) => element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const keyed = (key) => [...document.querySelectorAll(`[data-key~="${CSS.escape(key)}"]`)].find((one) => one.checkVisibility());

const later = [];
let busy = 0;

function step(by) {
  const next = rows()[here() + by];
  if (next) return next.querySelector("a").click();
  if (by > 0) (document.querySelector(".applicants [data-decided]") ? document.querySelector("[data-again]") : document.querySelector("[rel=next]"))?.click();
}

// The row of the card that is shown is the current one, and comes into sight.
function mark() {
  for (const row of rows()) row.removeAttribute("aria-current");
  const current = rows()[here()];
  current?.setAttribute("aria-current", "true");
  current?.scrollIntoView({ block: "nearest" });
  for (const one of document.querySelectorAll("[data-scripted]")) one.hidden = false;
  card.scrollTop = 0;
}

function open(details) {
  details.open = true;
  details.querySelector("[data-reason], textarea")?.focus();
}

// 0, 1, 2 answer the question that has the focus, and go on to the next one; the last one sends them.
function score(form, points) {
  const questions = [...form.querySelectorAll("fieldset")];
  const at = Math.max(0, questions.indexOf(document.activeElement.closest("fieldset")));
  questions[at].querySelector(`[value="${points}"]`).checked = true;
  const next = questions[at + 1]?.querySelector("input");
  if (next) next.focus();
  else form.requestSubmit();
}

function digit(key) {
  const reason = card.querySelector(`details[open] [data-reason="${key}"]`);
  if (reason) return reason.click();
  const form = document.activeElement.closest(".scores");
  if (form && Number(key) <= 2) score(form, key);
}

// While a press has no answer, a decision is dropped: nobody decides about a card not seen yet. All else waits for it.
function press(key) {
  if (busy) return /^[awhd0-9]$/.test(key) || later.push(key);
  if (/^[0-9]$/.test(key)) return digit(key);
  if (key === "s") return card.querySelector(".scores [type=radio]")?.focus();
  const found = keyed(key);
  if (found?.matches("details")) open(found);
  else if (found?.dataset.step) step(Number(found.dataset.step));
  else found?.click();
}

document.addEventListener("keydown", (event) => {
  const field = typing(event.target);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return field?.form?.requestSubmit();
  if (event.key === "Escape" && (field || event.target.closest("details, .scores"))) {
    event.target.closest("details")?.removeAttribute("open");
    return event.target.blur();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || field || event.key.length > 1 || event.key === " ") return;
  if (event.repeat || !(keyed(event.key) || /^[0-9s]$/.test(event.key))) return;
  event.preventDefault();
  press(event.key);
});

card.addEventListener("click", (event) => {
  const by = event.target.closest("[data-step]")?.dataset.step;
  if (by) step(Number(by));
});

// A decision says which application comes next in this list, and whether the decided one stands in it.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const chosen = detail.parameters.chosen ?? shown();
  if (detail.verb !== "post" || !chosen) return;
  const at = rows().findIndex((row) => row.id === `row-${chosen}`);
  if (at >= 0) detail.parameters.listed = "yes";
  if (rows()[at + 1]) detail.parameters.next = rows()[at + 1].id.slice("row-".length);
});
document.addEventListener("htmx:afterSwap", mark);
document.addEventListener("htmx:beforeRequest", () => { busy += 1; });
document.addEventListener("htmx:afterRequest", () => {
  busy = Math.max(0, busy - 1);
  setTimeout(() => later.length && press(later.shift()));
});
document.addEventListener("htmx:oobAfterSwap", mark);
document.querySelector("[data-all]")?.addEventListener("change", (event) => {
  for (const box of document.querySelectorAll("[name=chosen][type=checkbox]")) box.checked = event.target.checked;
});
mark();
