// The browser knows its time zone: offered where a form asks for it, and used to say a moment in the reader's own time.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const own = new Intl.DateTimeFormat("en-GB", {
  weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
});

function offer(field) {
  if (field.value || !zone) return;
  if (field.tagName === "SELECT" && ![...field.options].some((option) => option.value === zone)) return;
  field.value = zone;
}

function tell(time) {
  const moment = new Date(time.dateTime);
  if (Number.isNaN(moment.getTime())) return;
  time.title = time.textContent.trim();
  time.textContent = own.format(moment);
  delete time.dataset.local; // once is enough, also when the part around it is swapped in again
}

function start(root) {
  root.querySelectorAll?.("[data-zone]").forEach(offer);
  root.querySelectorAll?.("time[data-local]").forEach(tell);
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.target));
