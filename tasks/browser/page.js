// What every page does: buttons made of other elements send their form, openers open, closers close.
"use strict";
const show = (opener, box) => {
  box.hidden = false;
  box.querySelector("input:not([type=hidden]), button, [role=button], a")?.focus({ preventScroll: true });
  box.dataset.openedBy = opener.dataset.key ?? "";
};
const press = (event) => {
  const element = event.target.closest("[data-send], [aria-controls], [data-close]");
  if (!element) return;
  const isKey = event.type === "keydown";
  if (isKey && (!["Enter", " "].includes(event.key) || element.tagName === "BUTTON")) return;
  event.preventDefault();
  if (element.hasAttribute("data-send")) element.closest("form").requestSubmit();
  else if (element.hasAttribute("data-close")) element.closest("[data-veil]").hidden = true;
  else if (element.getAttribute("role") !== "tab") show(element, document.getElementById(element.getAttribute("aria-controls")));
  else choose(element);
};
const choose = (tab) => {
  for (const other of tab.parentElement.children) {
    other.setAttribute("aria-selected", String(other === tab));
    document.getElementById(other.getAttribute("aria-controls")).hidden = other !== tab;
  }
};
document.addEventListener("click", press);
document.addEventListener("keydown", press);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const veil of document.querySelectorAll("[data-veil]")) {
    if (veil.querySelector("[data-close]")) veil.hidden = true;
  }
});
