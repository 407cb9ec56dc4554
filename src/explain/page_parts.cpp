#include "explain/page_parts.hpp"

namespace cotorra::explain {

// Six looks, k0 to k5, that differ in colour and in the line below the bytes.
std::string_view const page_style = R"css(
:root { color-scheme: light dark; --ink: #1b1b1f; --paper: #fff; --faint: #5b5b66; --rule: #c9c9d2;
  --mark: #1b1b1f; --on-mark: #fff; --c0: #cfe4ff; --c1: #ffe0b3; --c2: #d0f0cf; --c3: #f6d3ea; --c4: #e3dcff;
  --c5: #eeeaa8; --bad: #ffc9c9; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececf1; --paper: #17171b; --faint: #a9a9b6; --rule: #44444f;
  --mark: #fff; --on-mark: #17171b; --c0: #1f3f66; --c1: #5e4113; --c2: #1f4d26; --c3: #5a2348; --c4: #3d3370;
  --c5: #4d4a10; --bad: #7a1f1f; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem 1.5rem 3rem; max-width: 110rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, "DejaVu Sans", sans-serif; }
h1 { margin: 0; font-size: 1.6rem; overflow-wrap: anywhere; }
h2 { margin: 0 0 .5rem; font-size: 1.1rem; }
header p { margin: .25rem 0 1rem; color: var(--faint); max-width: 60rem; }
main { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 1.25rem; align-items: start; }
.dump { font: .82rem/2 ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre; overflow: auto;
  max-height: calc(100vh - 3rem); padding: 0 .75rem .5rem 0; }
.sticky { position: sticky; top: 1rem; }
.at, .txt, .gap { color: var(--faint); }
.at { margin-right: 1.25rem; }
.txt { margin-left: 1rem; padding-left: .75rem; border-left: 1px solid var(--rule); }
.gap { font-style: italic; }
.k { color: inherit; text-decoration: none; padding: 1px 2px; margin: 0 -2px; border-bottom: 2px solid var(--ink);
  cursor: pointer; }
.first { border-left: 2px solid var(--ink); padding-left: 1px; margin-left: -3px; }
.k0 { background: var(--c0); border-bottom-style: solid; }
.k1 { background: var(--c1); border-bottom-style: dashed; }
.k2 { background: var(--c2); border-bottom-style: dotted; }
.k3 { background: var(--c3); border-bottom-style: double; border-bottom-width: 4px; }
.k4 { background: var(--c4); border-bottom-style: groove; border-bottom-width: 3px; }
.k5 { background: var(--c5); border-bottom-style: ridge; border-bottom-width: 3px; }
.bad { background: var(--bad); border-bottom: 3px solid #d00; text-decoration: line-through; }
.k.on { background: var(--mark); color: var(--on-mark); outline: 3px solid var(--mark); }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; color: var(--faint); padding-bottom: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .15rem .45rem; border-bottom: 1px solid var(--rule); }
td.n { text-align: right; font-variant-numeric: tabular-nums; }
th[scope=row] { font-weight: 600; padding-left: calc(.45rem + 1.1rem * var(--depth, 0)); white-space: nowrap; }
th[scope=row] a { color: inherit; text-decoration: none; border-radius: 2px; }
th[scope=row] a:hover { text-decoration: underline; }
td.v { min-width: 11rem; font: .82rem/1.8 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
td.m { min-width: 10rem; color: var(--faint); overflow-wrap: anywhere; }
td .k { margin: 0; white-space: pre; font: .78rem ui-monospace, "DejaVu Sans Mono", monospace; }
tr.on, tr:target { outline: 3px solid var(--mark); outline-offset: -3px; }
a:focus-visible, .dump:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
.trouble { border-left: 6px solid #d00; padding: .4rem .8rem; font-weight: 600; }
@media (max-width: 75rem) { main { grid-template-columns: minmax(0, 1fr); }
  .sticky { position: static; } .dump { max-height: 45vh; } }
@media (max-width: 55rem) { td:nth-child(3), th:nth-child(3) { display: none; } }
@media print { body { max-width: none; padding: 0; font-size: 9pt; } main { display: block; }
  .sticky { position: static; } .dump { max-height: none; overflow: visible; margin-bottom: 1rem; }
  .k, .bad { print-color-adjust: exact; -webkit-print-color-adjust: exact; } tr, .dump div { break-inside: avoid; }
  .keys { display: none; } }
)css";

std::string_view const page_script = R"js(
"use strict";
(() => {
  const rows = [...document.querySelectorAll("tr[data-f]")];
  const links = rows.map(row => row.querySelector("a"));
  const parts = rows.map(() => []);
  const place = new Map(rows.map((row, i) => [row.dataset.f, i]));
  const dump = document.querySelector(".dump");
  for (const part of dump.querySelectorAll("[data-f]")) {
    parts[place.get(part.dataset.f)].push(part);
    if (part.tagName === "A") part.tabIndex = -1;  // the fields are the way through with the keys
  }
  let now = 0;
  const paint = (i, on) => {
    rows[i].classList.toggle("on", on);
    for (const part of parts[i]) part.classList.toggle("on", on);
    links[i].tabIndex = on ? 0 : -1;
    if (on) links[i].setAttribute("aria-current", "true"); else links[i].removeAttribute("aria-current");
  };
  const choose = i => {
    paint(now, false);
    paint(now = i, true);
    if (parts[i].length) parts[i][0].scrollIntoView({ block: "nearest" });
  };
  const go = i => links[Math.max(0, Math.min(links.length - 1, i))].focus();
  links.forEach((link, i) => {
    link.tabIndex = i === 0 ? 0 : -1;
    link.addEventListener("focus", () => choose(i));
    link.addEventListener("click", event => event.preventDefault());
  });
  const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: 10, PageUp: -10 };
  document.querySelector("table").addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.tagName !== "A") return;
    if (event.key in steps) go(now + steps[event.key]);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(links.length - 1);
    else return;
    event.preventDefault();
  });
  const follow = event => {
    const hit = event.target.closest("[data-f]");
    if (hit) { event.preventDefault(); go(place.get(hit.dataset.f)); }
  };
  dump.addEventListener("click", event => follow(event));
  document.querySelector("tbody").addEventListener("click", event => follow(event));
})();
)js";

} // namespace cotorra::explain
