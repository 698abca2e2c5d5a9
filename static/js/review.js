// Review by keys: j and k walk through the list, a accepts, h holds, d opens the decline box, u takes back.
const typing = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

const step = (by) => {
  const rows = [...document.querySelectorAll(".applications tbody tr")];
  const here = rows.findIndex((row) => row.hasAttribute("aria-current"));
  rows[here + by]?.querySelector("a")?.click();
};

const press = (key) => document.querySelector(`[data-decide] [data-key="${key}"]`)?.click();

const decline = () => {
  const box = document.querySelector("[data-decide] details");
  if (!box) return;
  box.open = true;
  box.querySelector("select").focus();
};

const keys = { j: () => step(1), k: () => step(-1), a: () => press("a"), h: () => press("h"), u: () => press("u"), d: decline };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

document.querySelector("[data-all]")?.addEventListener("change", (event) => {
  for (const box of document.querySelectorAll("[name=chosen][type=checkbox]")) box.checked = event.target.checked;
});
