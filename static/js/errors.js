// After a refused form the summary takes the focus, so that nobody has to look for what went wrong.
function focusSummary(root) {
  root.querySelector?.("[data-errors][tabindex]")?.focus();
}

focusSummary(document);
document.addEventListener("htmx:load", (event) => focusSummary(event.target));
