// Who leaves a page of the form with words on it, by the back button or by closing the window, finds them again.
function watch(form) {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("pagehide", () => {
    if (!changed || !form.elements.draft?.value) return;
    changed = false;
    const words = new FormData(form);
    words.set("then", "keep");
    navigator.sendBeacon(form.action, words);
  });
}

document.querySelectorAll("[data-keep]").forEach(watch);
