"use strict";
// Search, pages and sorting of the tables; heat map of quality and picture of the tumors. Without
// it every table stands as a whole; texts are placed as text, never as markup.
document.documentElement.classList.add("js");
const facts = JSON.parse(document.getElementById("facts").textContent);
const word = (key) => facts.words["dashboard." + key];
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const SIGNS = ["✓", "▲", "✕", "–"];
const TIER_SIGNS = { I: "■", II: "◆", III: "●" };
const PAGE = 50;
const DRAWN_GENES = 80;

function element(name, text, kind) {
  const made = document.createElement(name);
  if (text !== undefined && text !== null) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

// A body of a table of which one page is shown. `build` gives the rows of a slice of the items.
function paged(body, holder, build) {
  const back = element("button", word("back"));
  const next = element("button", word("next"));
  const told = element("span");
  told.setAttribute("aria-live", "polite");
  back.type = next.type = "button";
  holder.append(back, told, next);
  let items = [];
  let first = 0;
  function show() {
    body.replaceChildren(...build(items.slice(first, first + PAGE)));
    const last = Math.min(first + PAGE, items.length);
    told.textContent = word("shown")
      .replace("{first}", items.length ? first + 1 : 0)
      .replace("{last}", last)
      .replace("{count}", items.length);
    back.disabled = first === 0;
    next.disabled = last >= items.length;
  }
  back.addEventListener("click", () => { first = Math.max(0, first - PAGE); show(); });
  next.addEventListener("click", () => { first += PAGE; show(); });
  return (given) => { items = given; first = 0; show(); };
}

function sortable(table, rows, show) {
  for (const head of table.tHead.rows[0].cells) {
    const button = element("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const keyed = rows.map((row) => [row.cells[head.cellIndex].textContent.trim(), row]);
      keyed.sort((a, b) => (down ? -1 : 1) * collator.compare(a[0], b[0]));
      keyed.forEach((pair, place) => { rows[place] = pair[1]; });
      show();
    });
  }
}

// The samples: search, choices, sort, pages.
{
  const table = document.getElementById("sample-table");
  const rows = Array.from(table.tBodies[0].rows);
  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const search = document.getElementById("search");
  const choices = Array.from(document.querySelectorAll("select[data-choice]"));
  const show = paged(table.tBodies[0], document.getElementById("sample-pages"), (some) => some);
  const fits = (row, name, value) => (row.dataset[name] || "").split(" ").includes(value);
  function update() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    show(rows.filter((row) =>
      words.every((text) => texts.get(row).includes(text)) &&
      choices.every((choice) => !choice.value || fits(row, choice.dataset.choice, choice.value))));
  }
  for (const field of [search, ...choices]) field.addEventListener("input", update);
  sortable(table, rows, update);
  update();
}

for (const table of document.querySelectorAll("table[data-sort]")) {
  const rows = Array.from(table.tBodies[0].rows);
  sortable(table, rows, () => table.tBodies[0].append(...rows));
}

function named(name) {
  const head = element("th");
  head.scope = "row";
  if (facts.addresses[name]) {
    const link = element("a", name);
    link.href = facts.addresses[name];
    head.append(link);
  } else head.textContent = name;
  return head;
}

function headed(table, names) {
  const row = table.tHead.rows[0];
  for (const name of names) {
    const head = element("th", name);
    head.scope = "col";
    row.append(head);
  }
}

// The heat map: a row a sample, a column a measure; the state is told by sign and colour.
if (facts.quality.samples.length) {
  const table = document.getElementById("heat-map");
  const { metrics, samples, values, states } = facts.quality;
  headed(table, metrics.map(([name, unit]) => `${name.replaceAll("_", " ")} (${unit})`));
  const worst = (place) => Math.max(0, ...states[place].map((s) => (s === 1 || s === 2 ? s : 0)));
  const order = samples.map((_, place) => place).sort((a, b) => worst(b) - worst(a) || a - b);
  paged(table.tBodies[0], document.getElementById("heat-pages"), (some) => some.map((place) => {
    const row = element("tr");
    row.append(named(samples[place]), ...metrics.map((_, column) => {
      const state = states[place][column];
      const value = values[place][column];
      if (state === null) return element("td", value === null ? "" : value, "dash-cell");
      const text = value === null ? SIGNS[state] : `${SIGNS[state]} ${value}`;
      return element("td", text, `dash-cell dash-${facts.states[state]}`);
    }));
    return row;
  }))(order);
}

// The tumors: a row a tumor, a column a gene, sorted so that tumors alike stand together.
if (facts.tumors.genes.length) {
  const table = document.getElementById("oncoprint");
  const { samples, types, cells } = facts.tumors;
  const genes = facts.tumors.genes.slice(0, DRAWN_GENES);
  const tiers = cells.map((pairs) => new Map(pairs));
  const key = (place) => genes.map((_, gene) => (tiers[place].has(gene) ? "0" : "1")).join("");
  const keys = new Map(samples.map((_, place) => [place, key(place)]));
  const order = samples.map((_, place) => place)
    .sort((a, b) => (keys.get(a) < keys.get(b) ? -1 : keys.get(a) > keys.get(b) ? 1 : a - b));
  headed(table, [word("tumor_type"), ...genes]);
  paged(table.tBodies[0], document.getElementById("tumor-pages"), (some) => some.map((place) => {
    const row = element("tr");
    row.append(named(samples[place]), element("td", types[place]), ...genes.map((_, gene) => {
      const tier = tiers[place].get(gene);
      return tier ? element("td", `${TIER_SIGNS[tier]} ${tier}`, `dash-cell dash-tier-${tier}`) : element("td");
    }));
    return row;
  }))(order);
}
