"use strict";
// Sorts and filters the tables marked for it; without it every row stands in its given order.
document.documentElement.classList.add("js");
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const tables = document.querySelectorAll("table[data-sort]");
const filter = document.getElementById("filter");
// A table with fewer rows is read at a glance.
const FEW = 2;
const MANY = 10;

for (const table of tables) {
  const rows = table.tBodies[0].rows.length;
  if (rows < FEW) continue;
  for (const head of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(table, head));
  }
  if (rows >= MANY && table.dataset.filter) add_filter(table);
}

function add_filter(table) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  label.className = "filter";
  input.type = "search";
  input.autocomplete = "off";
  label.append(table.dataset.filter, " ", input);
  table.parentElement.before(label);
  input.addEventListener("input", () => keep([table], input.value));
}

function sort(table, head) {
  const direction = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", direction);
  const sign = direction === "ascending" ? 1 : -1;
  const body = table.tBodies[0];
  const keyed = Array.from(body.rows, (row) => [row.cells[head.cellIndex].textContent.trim(), row]);
  keyed.sort((a, b) => sign * order(a[0], b[0]));
  body.append(...keyed.map((pair) => pair[1]));
}

// Numbers by their value, which the collator would not do beyond the decimal point.
function order(one, other) {
  const difference = parseFloat(one) - parseFloat(other);
  return difference || collator.compare(one, other);
}

function keep(kept, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const table of kept) {
    for (const row of table.tBodies[0].rows) {
      const held = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => held.includes(word));
    }
  }
}

if (filter) filter.addEventListener("input", () => keep(tables, filter.value));
