// A place is found while it is typed: a combobox with a list, after the ARIA pattern. Without it the words alone are sent.
const PATIENCE = 180;

function start(field) {
  const id = field.form.elements.place_id;
  const list = document.createElement("ul");
  const holder = document.createElement("div");
  const told = document.createElement("p");
  let asked = 0;
  let timer;

  list.id = `${field.id}_list`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Places");
  told.className = "unseen";
  told.setAttribute("role", "status");
  holder.className = "suggestions";
  field.replaceWith(holder);
  holder.append(field, list, told);
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  Object.entries(attributes).forEach(([name, value]) => field.setAttribute(name, value));

  const options = () => [...list.children];
  const chosen = () => list.querySelector("[aria-selected=true]");

  function close() {
    list.hidden = true;
    list.replaceChildren();
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function point(option) {
    options().forEach((one) => one.setAttribute("aria-selected", String(one === option)));
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function take(option) {
    field.value = option.textContent;
    if (id) id.value = option.dataset.place;
    close();
  }

  function show(places) {
    list.replaceChildren(...places.map(({ id: place, label }, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}_${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.place = place;
      option.textContent = label;
      return option;
    }));
    list.hidden = places.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    field.removeAttribute("aria-activedescendant");
    told.textContent = places.length ? `${places.length} places; arrow keys choose.` : "";
  }

  async function ask() {
    const number = ++asked;
    if (field.value.trim().length < 2) return close();
    const answer = await fetch(`${field.dataset.places}?q=${encodeURIComponent(field.value)}`).catch(() => null);
    if (!answer?.ok || number !== asked || document.activeElement !== field) return undefined;
    return show((await answer.json()).places);
  }

  function move(step) {
    const all = options();
    if (!all.length) return;
    point(all[(all.indexOf(chosen()) + step + all.length + (step < 0 && !chosen() ? 1 : 0)) % all.length]);
  }

  const keys = {
    ArrowDown: () => (list.hidden ? ask() : move(1)),
    ArrowUp: () => move(-1),
    Escape: close,
    Enter: () => chosen() && take(chosen()),
  };

  field.addEventListener("input", () => {
    if (id) id.value = "";
    clearTimeout(timer);
    timer = setTimeout(ask, PATIENCE);
  });
  field.addEventListener("keydown", (event) => {
    if (!(event.key in keys) || (event.key === "Enter" && !chosen())) return;
    if (event.key !== "Escape" || !list.hidden) event.preventDefault();
    keys[event.key]();
  });
  field.addEventListener("blur", () => { asked += 1; clearTimeout(timer); close(); });
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the field keeps the focus
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
}

document.querySelectorAll("[data-places]").forEach(start);
