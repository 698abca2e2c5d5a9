// The week is painted: one kind of hours at a time, by click, by drawing, by arrows and space. The check boxes stay the
// only truth; a block and its half hours follow each other, and what is good is not also possible.
const PATIENCE = 300;
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const OTHER = { good: "possible", possible: "good" };

function slotOf(value) {
  const said = /^(\w{3}) (\d\d):(\d\d)$/.exec(value);
  return said ? DAYS.indexOf(said[1]) * 48 + Number(said[2]) * 2 + Number(said[3]) / 30 : -1;
}

function hex(slots) {
  const digits = Array(84).fill(0);
  slots.forEach((slot) => { digits[83 - Math.floor(slot / 4)] |= 1 << (slot % 4); });
  return digits.map((digit) => digit.toString(16)).join("");
}

function start(week) {
  const table = week.querySelector("table");
  const form = week.closest("form");
  const count = form.querySelector("[data-people]");
  const blocks = [...table.tBodies].map((body) => {
    const [own, ...halves] = [...body.rows].map((row) => [...row.cells].slice(1));
    return { own, halves };
  });
  let stroke = null;
  let timer;

  const box = (cell, kind) => cell.querySelector(`[name=${kind}]`);
  const brush = () => week.dataset.brush;
  const shown = () => [...table.rows].slice(1).filter((row) => row.offsetParent !== null)
    .map((row) => [...row.cells].slice(1).map((cell) => box(cell, brush())));

  function set(input, checked) {
    input.checked = checked;
    input.indeterminate = false;
    if (checked) box(input.closest("td"), OTHER[input.name]).checked = false;
  }

  // After a change: a block's box sets its half hours; the half hours tell their block.
  function settle(input) {
    const cell = input.closest("td");
    const day = cell.cellIndex - 1;
    const { own, halves } = blocks[[...table.tBodies].indexOf(cell.closest("tbody"))];
    set(input, input.checked);
    if (own[day] === cell) halves.forEach((row) => set(box(row[day], input.name), input.checked));
    summarize(own[day], halves.map((row) => row[day]));
    ask();
  }

  function summarize(cell, halves) {
    const ticked = (kind) => halves.filter((half) => box(half, kind).checked).length;
    cell.removeAttribute("data-partly");
    Object.keys(OTHER).forEach((kind) => {
      box(cell, kind).checked = ticked(kind) === halves.length;
      box(cell, kind).indeterminate = !box(cell, kind).checked && ticked("good") + ticked("possible") > 0;
    });
    if (ticked("good") === halves.length || ticked("possible") === halves.length) {
      Object.keys(OTHER).forEach((kind) => { box(cell, kind).indeterminate = false; });
    }
  }

  function ask() {
    clearTimeout(timer);
    if (count) timer = setTimeout(tell, PATIENCE);
  }

  async function tell() {
    const ticked = [...week.querySelectorAll("[name]:checked")].map((input) => slotOf(input.value)).filter((slot) => slot >= 0);
    const zone = form.elements.zone?.value || count.dataset.clock;
    const answer = ticked.length && zone
      ? await fetch(`${count.dataset.url}&hours=${hex(ticked)}&zone=${encodeURIComponent(zone)}`).catch(() => null)
      : null;
    const people = answer?.ok ? (await answer.json()).people : null;
    count.textContent = people ? `${people} people could meet you at these hours.` : "";
  }

  // One stop for the tab key; arrows move inside.
  function rove(input) {
    table.querySelectorAll("td > input").forEach((one) => { one.tabIndex = one === input ? 0 : -1; });
  }

  function take(kind) {
    const focused = table.querySelector("td > input[tabindex='0']")?.closest("td");
    week.dataset.brush = kind;
    week.querySelectorAll("[data-brush]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.brush === kind)));
    rove(box(focused ?? blocks[0].own[0], kind));
  }

  function move(input, down, right) {
    const rows = shown();
    const row = rows.findIndex((cells) => cells.includes(input));
    const next = rows[row + down]?.[rows[row].indexOf(input) + right];
    next?.focus();
  }

  const under = (event) => {
    const found = document.elementFromPoint(event.clientX, event.clientY);
    return found?.matches?.(`td > [name=${brush()}]`) && table.contains(found) ? found : null;
  };

  table.addEventListener("change", (event) => {
    if (event.target.matches("td > input")) settle(event.target);
  });
  table.addEventListener("focusin", (event) => { if (event.target.matches("td > input")) rove(event.target); });
  table.addEventListener("keydown", (event) => {
    const ways = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (!ways[event.key] || !event.target.matches("td > input")) return;
    event.preventDefault();
    move(event.target, ...ways[event.key]);
  });
  table.addEventListener("pointerdown", (event) => {
    const input = event.button === 0 ? under(event) : null;
    if (input) stroke = { input, checked: !input.checked, painted: false };
  });
  table.addEventListener("pointermove", (event) => {
    const input = stroke && under(event);
    if (!input || (input === stroke.input && !stroke.painted)) return;
    [stroke.input, input].forEach((one) => {
      if (one.checked !== stroke.checked) {
        one.checked = stroke.checked;
        settle(one);
      }
    });
    stroke.painted = true;
  });
  window.addEventListener("pointerup", () => {
    const painted = stroke?.painted;
    stroke = null;
    if (!painted) return;
    const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
    window.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
  });
  window.addEventListener("pointercancel", () => { stroke = null; });
  week.querySelectorAll("button[data-brush]").forEach((button) => button.addEventListener("click", () => take(button.dataset.brush)));
  form.elements.zone?.addEventListener("change", ask);

  blocks.forEach(({ own, halves }) => own.forEach((cell, day) => {
    const whole = Object.keys(OTHER).find((kind) => box(cell, kind).checked);
    if (whole) halves.forEach((row) => set(box(row[day], whole), true));
    summarize(cell, halves.map((row) => row[day]));
  }));
  week.querySelector(".brushes").hidden = false;
  take("good");
  ask();
}

document.querySelectorAll("[data-week]").forEach(start);
