"use strict";
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const tip = byId("tip"), flow = byId("flow"), main = byId("view");
  let scale = 1;

  const sections = [...document.querySelectorAll("main section")];
  const shown = () => sections.find((s) => !s.hidden);

  // Each picture's own size, before any zoom.
  for (const s of sections) {
    const svg = s.querySelector("svg");
    s.dataset.width = svg.getAttribute("width");
    s.dataset.height = svg.getAttribute("height");
  }
  function zoom(to) {
    scale = Math.min(4, Math.max(0.2, to));
    for (const s of sections) {
      const svg = s.querySelector("svg");
      svg.setAttribute("width", s.dataset.width * scale);
      svg.setAttribute("height", s.dataset.height * scale);
    }
    byId("scale").textContent = Math.round(scale * 100) + " %";
  }
  const fit = () => zoom((main.clientWidth - 40) / shown().dataset.width);
  byId("in").onclick = () => zoom(scale * 1.2);
  byId("out").onclick = () => zoom(scale / 1.2);
  byId("fit").onclick = fit;
  main.addEventListener("wheel", (e) => {
    if (!e.ctrlKey)
      return;
    e.preventDefault();
    zoom(scale * (e.deltaY < 0 ? 1.1 : 1 / 1.1));
  }, { passive: false });
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey || e.target === flow)
      return;
    if (e.key === "+") zoom(scale * 1.2);
    else if (e.key === "-") zoom(scale / 1.2);
    else if (e.key === "0") zoom(1);
    else if (e.key === "Escape") hide();
  });

  flow.onchange = () => {
    for (const s of sections)
      s.hidden = s.dataset.flow !== flow.value;
    hide();
  };

  // The button's text says "Theme: auto" in the page's language.
  const themes = ["auto", "light", "dark"];
  byId("theme").onclick = (e) => {
    const next = (themes.indexOf(root.dataset.theme) + 1) % themes.length;
    root.dataset.theme = themes[next];
    e.target.textContent = e.target.textContent.split(" ")[0] + " " +
      e.target.dataset.words.split(" ")[next];
  };

  // What an arrow's title says becomes its label and what hovering shows.
  for (const a of document.querySelectorAll("main g.a[tabindex]")) {
    const title = a.querySelector("title");
    a.dataset.tip = title.textContent;
    a.setAttribute("aria-label", title.textContent.replaceAll("\n", ", "));
    title.remove();
  }
  function show(a, x, y) {
    tip.textContent = a.dataset.tip;
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(x + 16, innerWidth - box.width - 8)) + "px";
    tip.style.top = (y + 20 + box.height > innerHeight ? Math.max(4, y - box.height - 12) :
      y + 20) + "px";
  }
  function hide() {
    tip.hidden = true;
  }
  const arrowOf = (e) => e.target.closest && e.target.closest("g.a[tabindex]");
  main.addEventListener("mousemove", (e) => {
    const a = arrowOf(e);
    if (a) show(a, e.clientX, e.clientY);
    else hide();
  });
  main.addEventListener("mouseleave", hide);
  main.addEventListener("focusin", (e) => {
    const a = arrowOf(e);
    if (!a)
      return;
    const box = a.getBoundingClientRect();
    show(a, box.left + box.width / 3, box.top + box.height / 2);
  });
  main.addEventListener("focusout", hide);
  if (shown().dataset.width > main.clientWidth)
    fit();
})();
