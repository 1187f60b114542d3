"use strict";
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const marks = all("mark");
  const toggles = new Map(all(".toggle").map((button) => [button.dataset.key, button]));
  const details = document.querySelector(".details");
  const dialog = document.querySelector("dialog");
  const shortcuts = dialog.querySelector("input");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const beside = matchMedia("(min-width: 56.01rem)"); // the panel stands beside the text, not over it
  let active = null;

  const key = (mark) => mark.classList[0];
  const on = (mark) => toggles.get(key(mark)).getAttribute("aria-pressed") === "true";

  function show(mark) {
    const { name, place } = mark.dataset;
    const look = toggles.get(key(mark));
    details.className = `details ${key(mark)}`;
    details.querySelector("h2").textContent = `${mark.dataset.sign} ${name}`;
    details.querySelector(".meaning").textContent = look.dataset.meaning;
    details.querySelector(".place").textContent = place;
    for (const cell of all("dd[data-label]", details)) {
      const share = mark.dataset[cell.dataset.label];
      cell.textContent = share;
      cell.parentElement.querySelector("i").style.width = share.replace(/[<>]/, "");
    }
    details.querySelector("dl").hidden = false;
  }

  function leave() {
    if (active) active.classList.remove("active");
    active = null;
    details.classList.add("idle");
    if (document.activeElement.matches("mark")) document.activeElement.blur();
  }

  function enter(mark) {
    if (!on(mark)) return;
    if (active) active.classList.remove("active");
    active = mark;
    mark.classList.add("active");
    show(mark);
  }

  function step(by) {
    const shown = marks.filter(on);
    if (!shown.length) return;
    const at = shown.indexOf(active);
    const next = at < 0 ? nearest(shown) : shown[at + by];
    if (!next) return;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
  }

  function nearest(shown) {
    return shown.find((mark) => mark.getBoundingClientRect().bottom > 60) || shown[0];
  }

  function toggle(name) {
    const button = toggles.get(name);
    const pressed = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(pressed));
    document.body.classList.toggle(`no-${name}`, !pressed);
    for (const mark of marks) if (key(mark) === name) mark.tabIndex = pressed ? 0 : -1;
    if (active && !on(active)) leave();
  }

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    const stepping = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") leave();
    else if (stepping && document.activeElement.matches("mark")) step(stepping);
    else if (event.key === "?") dialog.showModal();
    else if (!shortcuts.checked) return;
    else if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
    else {
      const button = [...toggles.values()].find((b) => b.dataset.shortcut === event.key);
      if (!button) return;
      toggle(button.dataset.key);
    }
    event.preventDefault();
  }

  for (const mark of marks) {
    mark.removeAttribute("title"); // the panel says it
    mark.addEventListener("focus", () => enter(mark));
    mark.addEventListener("mouseenter", () => beside.matches && on(mark) && show(mark));
    mark.addEventListener("mouseleave", () => active && show(active));
    mark.addEventListener("click", () => enter(mark));
  }
  for (const [name, button] of toggles) {
    button.disabled = false;
    button.addEventListener("click", () => toggle(name));
  }
  for (const button of all("[data-step]", details)) {
    const by = Number(button.dataset.step);
    button.addEventListener("click", () => (by ? step(by) : leave()));
  }
  document.querySelector(".help").addEventListener("click", () => dialog.showModal());
  document.addEventListener("keydown", pressed);
  for (const hidden of all("[hidden].help, .toggle kbd, .details")) hidden.hidden = false;
  const target = marks.find((mark) => `#${mark.id}` === location.hash);
  if (target) target.focus();
})();
