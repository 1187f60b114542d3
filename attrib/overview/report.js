"use strict";
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const unhide = (element) => { element.hidden = false; };

  // Headers become buttons that call sort(header, ascending).
  function sortable(headers, sort) {
    for (const header of headers) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      header.append(button);
      button.addEventListener("click", () => {
        const before = header.getAttribute("aria-sort");
        const ascending = before ? before !== "ascending" : header.dataset.kind === "text";
        for (const other of headers) other.removeAttribute("aria-sort");
        header.setAttribute("aria-sort", ascending ? "ascending" : "descending");
        sort(header, ascending);
      });
    }
  }

  // Numbers by size, missing ones last either way; texts as readers of the language expect.
  function compared(one, other, ascending, numbers) {
    if (!numbers) return (ascending ? 1 : -1) * collator.compare(one, other);
    if (Number.isNaN(one) || Number.isNaN(other)) return Number.isNaN(one) - Number.isNaN(other);
    return ascending ? one - other : other - one;
  }

  function sortTable(table, header, ascending) {
    const column = header.cellIndex;
    const numbers = header.dataset.kind !== "text";
    const value = (row) => {
      const text = row.cells[column].firstChild.textContent;
      return numbers ? Number.parseFloat(text.replaceAll(",", "")) : text;
    };
    const rows = all("tr", table.tBodies[0]).map((row) => [value(row), row]);
    rows.sort((a, b) => compared(a[0], b[0], ascending, numbers));
    table.tBodies[0].append(...rows.map(([, row]) => row));
  }

  for (const table of all(".sortable")) {
    const headers = all("thead th", table);
    sortable(headers, (header, ascending) => sortTable(table, header, ascending));
  }
  for (const button of all("[data-more]")) {
    const list = byId(button.dataset.more);
    const isTable = list.matches("table");
    if ((isTable ? list.tBodies[0] : list).children.length <= (isTable ? 12 : 5)) continue;
    list.classList.add("short");
    unhide(button.parentElement);
    button.addEventListener("click", () => {
      list.classList.remove("short");
      button.parentElement.hidden = true;
    });
  }
  for (const input of all("[data-filters]")) {
    const table = byId(input.dataset.filters);
    const more = all("[data-more]").find((button) => button.dataset.more === table.id);
    if (more.parentElement.hidden) continue;
    unhide(input.closest(".filter"));
    input.addEventListener("input", () => {
      more.click();
      const wanted = words(input.value);
      for (const row of table.tBodies[0].rows) {
        const name = row.cells[0].textContent.toLowerCase();
        row.hidden = !wanted.every((word) => name.includes(word));
      }
    });
  }

  // The table of all articles. A row is number, title, date, counts, and one place a group.
  const SIZE = 50;
  const TITLE = 1, DATE = 2, SENTENCES = 3, UNNAMED = 7, GROUPS = 8;
  const data = JSON.parse(byId("data").textContent);
  const linked = data.pages === true ? null : new Set(data.pages);
  const list = byId("list");
  const selects = [];
  let shown = data.rows;
  let page = 0;

  const group = (row, place) => data.values[place][row[GROUPS + place]];
  const groupsOf = (row) => data.groups.map((_, place) => group(row, place));
  const texts = data.rows.map((row) => [row[TITLE], row[DATE], ...groupsOf(row)].join(" ").toLowerCase());
  const textOf = new Map(data.rows.map((row, at) => [row, texts[at]]));

  function element(tag, text, ...children) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    made.append(...children);
    return made;
  }

  function link(row) {
    if (linked && !linked.has(row[0])) return element("span", row[TITLE]);
    const made = element("a", row[TITLE]);
    const number = String(row[0]).padStart(6, "0");
    made.href = `articles/${String(Math.floor(row[0] / 1000)).padStart(3, "0")}/${number}.html`;
    return made;
  }

  function drawn(row) {
    const title = link(row);
    title.dir = "auto";
    const first = element("td", undefined, title);
    const about = groupsOf(row).filter((name) => name !== "(none)").join(" · ");
    if (about) {
      const small = element("small", about);
      small.dir = "auto";
      first.append(small);
    }
    const cells = [element("td", row[DATE]), element("td", row[SENTENCES].toLocaleString("en"))];
    for (let column = SENTENCES + 1; column <= UNNAMED; column += 1) {
      const share = row[SENTENCES] ? `${(100 * row[column] / row[SENTENCES]).toFixed(1)}%` : "–";
      cells.push(element("td", share));
    }
    return element("tr", undefined, first, ...cells);
  }

  function draw() {
    const pages = Math.max(1, Math.ceil(shown.length / SIZE));
    page = Math.min(Math.max(page, 0), pages - 1);
    const part = shown.slice(page * SIZE, (page + 1) * SIZE);
    list.querySelector("tbody").replaceChildren(...part.map(drawn));
    const of = data.rows.length.toLocaleString("en");
    byId("count").textContent = shown.length === data.rows.length
      ? `${of} articles` : `${shown.length.toLocaleString("en")} of ${of} articles`;
    byId("page").textContent = `Page ${page + 1} of ${pages}`;
    for (const button of all("[data-turn]")) {
      button.disabled = Number(button.dataset.turn) < 0 ? page === 0 : page === pages - 1;
    }
    document.querySelector(".turn").hidden = pages < 2;
    document.querySelector(".printed").hidden = pages < 2;
  }

  const order = { column: 0, ascending: true };

  function value(row) {
    if (order.column <= SENTENCES) return row[order.column];
    return row[SENTENCES] ? row[order.column] / row[SENTENCES] : Number.NaN;
  }

  function choose() {
    const wanted = words(byId("find").value);
    shown = data.rows.filter((row) =>
      wanted.every((word) => textOf.get(row).includes(word))
      && selects.every((select, place) => !select.value || group(row, place) === select.value));
    const numbers = order.column !== TITLE && order.column !== DATE;
    const keyed = shown.map((row) => [value(row), row]);
    keyed.sort((a, b) => compared(a[0], b[0], order.ascending, numbers));
    shown = keyed.map(([, row]) => row);
    page = 0;
    draw();
  }

  for (const [place, name] of data.groups.entries()) {
    const select = element("select", undefined, element("option", "all"));
    select.firstChild.value = "";
    const names = [...data.values[place]].sort(collator.compare);
    select.append(...names.map((option) => element("option", option)));
    selects.push(select);
    byId("filters").append(element("label", `${name[0].toUpperCase()}${name.slice(1)} `, select));
    select.addEventListener("change", choose);
  }
  sortable(all("thead th", list), (header, ascending) => {
    order.column = Number(header.dataset.column);
    order.ascending = ascending;
    choose();
  });
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("find").addEventListener("input", choose);
  for (const button of all("[data-turn]")) {
    button.addEventListener("click", () => {
      page += Number(button.dataset.turn);
      draw();
    });
  }
  for (const hidden of [list, byId("filters")]) unhide(hidden);
  draw();
})();
