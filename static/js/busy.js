// A form whose answer takes a while says so on the pressed button, and is not sent twice. Without this file it still works.
const busy = (form, pressed) => {
  const before = pressed.textContent;
  for (const one of form.querySelectorAll("button")) one.disabled = true;
  pressed.textContent = pressed.dataset.busy;
  form.setAttribute("aria-busy", "true");
  addEventListener("pageshow", () => {
    for (const one of form.querySelectorAll("button")) one.disabled = false;
    pressed.textContent = before;
    form.removeAttribute("aria-busy");
  }, { once: true });
};

for (const form of document.querySelectorAll("form:has([data-busy])")) {
  form.addEventListener("submit", ({ submitter }) => {
    // After the browser has collected the answers: what a disabled button says is not sent.
    if (submitter?.dataset.busy) setTimeout(() => busy(form, submitter));
  });
}
