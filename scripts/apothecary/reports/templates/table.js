"use strict";
// Filters and sorts the tables marked for it; without it every row stands in its given order.
document.documentElement.classList.add("js");
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const tables = document.querySelectorAll("table[data-sort]");
const filter = document.getElementById("filter");

for (const table of tables) {
  for (const head of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(table, head));
  }
}

function sort(table, head) {
  const direction = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", direction);
  const sign = direction === "ascending" ? 1 : -1;
  const body = table.tBodies[0];
  const keyed = Array.from(body.rows, (row) => [row.cells[head.cellIndex].textContent.trim(), row]);
  keyed.sort((a, b) => sign * collator.compare(a[0], b[0]));
  body.append(...keyed.map((pair) => pair[1]));
}

if (filter) {
  filter.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const table of tables) {
      for (const row of table.tBodies[0].rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
      }
    }
  });
}
