// Shortcuts for those who decide many cases: the letter stands on the button. Everything works without.
"use strict";

const keyed = new Map([...document.querySelectorAll("[data-key]")].map((one) => [one.dataset.key, one]));

for (const [key, one] of keyed) {
  const mark = document.createElement("kbd");
  mark.textContent = key.toUpperCase();
  one.append(mark);
  one.setAttribute("aria-keyshortcuts", key);
}

document.addEventListener("keydown", (event) => {
  const busy = event.ctrlKey || event.altKey || event.metaKey || event.repeat;
  if (busy || event.target.closest("input, textarea, select, video, audio")) return;
  const one = keyed.get(event.key.toLowerCase());
  if (one && !one.disabled) one.click();
});

// A second press while the first is on its way would only ask the server the same again.
for (const form of document.querySelectorAll("form.decide")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form.decide")) delete form.dataset.sent;
});
