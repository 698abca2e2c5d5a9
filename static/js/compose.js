// The composition board: tiles dragged, or picked up and dropped by keys. Every edit presses the form that is on the page.
const board = () => document.querySelector("#board");
const tiles = () => [...board().querySelectorAll("[data-person]")];
const tile = (key) => document.getElementById(`tile-${key}`);
const columns = () => [...board().querySelectorAll(".seats")].filter((list) => list.querySelector("[data-pick]"));
const typing = (element) => element.closest("input, select, textarea");
let carried = "", kept = 0;

// The pressed button as the form would send it; what it changed comes back.
function send(words) {
  const form = board().querySelector("#edit"), button = document.createElement("button");
  Object.assign(button, { name: "do", value: words, hidden: true });
  form.append(button);
  button.click();
  button.remove();
}

function start() {
  board().querySelector(".waiting").scrollTop = kept;
  for (const list of board().querySelectorAll(".seats[data-group]")) {
    Sortable.get(list) ?? new Sortable(list, {
      group: "people", sort: false, animation: 0, delay: 180, delayOnTouchOnly: true,
      onEnd: ({ item, from, to }) => { if (from !== to) drop(item.dataset.person, to.dataset.group); },
    });
  }
}

function drop(key, group) {
  carried = key;
  send(`move ${key} ${group}`);
}

function step(from, by) {
  const lists = columns(), list = from.closest(".seats"), here = [...list.querySelectorAll("[data-pick]")];
  if (by === "up" || by === "down") return here[here.indexOf(from) + (by === "up" ? -1 : 1)]?.focus();
  const beside = lists[lists.indexOf(list) + (by === "left" ? -1 : 1)];
  beside?.querySelectorAll("[data-pick]")[Math.min(here.indexOf(from), beside.children.length - 1)]?.focus();
}

function putBack() {
  const hand = board().querySelector("#hand");
  hand.hidden = true;
  hand.replaceChildren();
  for (const one of tiles()) one.removeAttribute("aria-current");
  tile(carried)?.querySelector("[data-pick]").focus();
}

// Scrolling does not bubble.
document.addEventListener("scroll", ({ target }) => {
  if (target.matches?.(".waiting")) kept = target.scrollTop;
}, { capture: true, passive: true });

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (key === "Escape" && target.closest("#hand, .seats")) putBack();
  else if (key === "Enter" && target.matches("[data-target]")) board().querySelector("[data-drop]").click();
  else if (/^Arrow/.test(key) && target.matches("[data-pick]")) step(target, key.slice(5).toLowerCase());
  else if (!typing(target) && !event.repeat && board().querySelector(`[data-key="${CSS.escape(key)}"]`)) board().querySelector(`[data-key="${CSS.escape(key)}"]`).click();
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-put-back], [data-pick]");
  if (pressed?.matches("[data-put-back]")) {
    event.preventDefault();
    putBack();
  } else if (pressed) carried = pressed.closest("[data-person]").dataset.person;
});

// Whoever was picked up has the focus on where to go; whoever was moved has it where they are now.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target.id === "hand") {
    for (const one of tiles()) one.toggleAttribute("aria-current", one.dataset.person === carried);
    board().querySelector("[data-target]")?.focus();
    board().querySelector("[data-target]")?.dispatchEvent(new Event("change"));
  } else if (detail.target.id === "board") {
    start();
    (tile(carried)?.querySelector("[data-pick]") ?? document.querySelector("#content")).focus();
  }
});

// A swap copies the styles that dragging has left, which the policy refuses.
document.addEventListener("htmx:beforeSwap", () => {
  for (const one of board().querySelectorAll("[style]")) one.removeAttribute("style");
});

document.documentElement.dataset.scripted = "yes";
start();
