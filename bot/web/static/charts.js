// Interactive charts: a mark's detail on hover, tap and focus; buttons that hide groups, kept in the address (?hide=…).
// The page is complete without this script.
"use strict";

const HIDE = "hide", APART = "|"; // our addresses may not repeat a name
const REACH = 32; // pixels around a mark that still count as a hit
const hiddenGroups = () => new Set((new URLSearchParams(location.search).get(HIDE) || "").split(APART).filter(Boolean));

for (const chart of document.querySelectorAll(".chart")) {
  const marks = [...chart.querySelectorAll(".point")], tip = document.createElement("p");
  let shown = null;
  if (!marks.length) continue;
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("role", "tooltip");
  chart.append(tip);
  for (const mark of marks) { // the browser's own tooltip would cover ours
    const title = mark.querySelector("title");
    mark.setAttribute("aria-label", title.textContent);
    title.remove();
  }

  const there = mark => !mark.closest(".gone");

  function show(mark) {
    if (shown) shown.classList.remove("on");
    shown = mark && there(mark) ? mark : null;
    tip.hidden = !shown;
    if (!shown) return;
    shown.classList.add("on");
    tip.textContent = shown.getAttribute("aria-label");
    const anchor = shown.querySelector(".spot") || shown.closest("li"); // keeps the row legible below its detail
    const room = chart.getBoundingClientRect(), at = anchor.getBoundingClientRect();
    const left = at.left + at.width / 2 - room.left - tip.offsetWidth / 2;
    const above = at.top - tip.offsetHeight - 6;
    tip.style.left = `${Math.max(0, Math.min(left, room.width - tip.offsetWidth))}px`;
    tip.style.top = `${(above > 0 ? above : at.bottom + 6) - room.top}px`;
  }

  function near(event) { // the row's mark, or the plot's nearest
    const row = event.target.closest(".rows li");
    if (row) return row.querySelector(".point");
    if (!event.target.closest(".plot")) return null;
    let [best, least] = [null, REACH];
    for (const mark of marks.filter(there)) {
      const box = mark.getBoundingClientRect();
      const apart = Math.hypot(event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2);
      if (apart < least) [best, least] = [mark, apart];
    }
    return best;
  }

  function step(by) {
    const seen = marks.filter(there), next = seen.indexOf(document.activeElement) + by;
    if (seen[next]) seen[next].focus();
  }

  chart.addEventListener("pointermove", event => {
    if (event.pointerType === "mouse" && !tip.contains(event.target)) show(near(event));
  });
  chart.addEventListener("pointerleave", event => event.pointerType === "mouse" && show(null));
  document.addEventListener("click", event => {
    if (!tip.contains(event.target)) show(chart.contains(event.target) ? near(event) : null);
  });
  chart.addEventListener("focusin", event => {
    const mark = event.target.closest(".point");
    if (!mark) return;
    for (const other of marks) other.setAttribute("tabindex", other === mark ? 0 : -1);
    show(mark);
  });
  chart.addEventListener("focusout", () => show(null));
  chart.addEventListener("keydown", event => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by || !event.target.closest(".point")) return;
    event.preventDefault();
    step(by);
  });
  document.addEventListener("keydown", event => event.key === "Escape" && show(null));

  const headings = [...chart.querySelectorAll("[data-group]")];
  if (headings.length < 2) continue;
  const buttons = headings.map(heading => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const address = new URL(location), hidden = hiddenGroups(), group = heading.dataset.group;
      if (!hidden.delete(group)) hidden.add(group);
      if (hidden.size) address.searchParams.set(HIDE, [...hidden].join(APART));
      else address.searchParams.delete(HIDE);
      history.pushState(null, "", address);
      restore();
    });
    return button;
  });

  function restore() {
    const hidden = hiddenGroups();
    headings.forEach((heading, n) => buttons[n].setAttribute("aria-pressed", !hidden.has(heading.dataset.group)));
    for (const part of chart.querySelectorAll("[data-of]")) part.classList.toggle("gone", hidden.has(part.dataset.of));
    const seen = marks.filter(there);
    for (const mark of marks) mark.setAttribute("tabindex", mark === seen[0] ? 0 : -1);
    show(null);
  }

  addEventListener("popstate", restore);
  restore();
}
