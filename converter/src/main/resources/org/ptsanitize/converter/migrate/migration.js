"use strict";
(() => {
  const PAGE = 100;
  const at = (id) => document.getElementById(id);
  const { outcomes, containers, tags, rows } = JSON.parse(at("data").textContent);
  const lower = rows.map((row) => (row[0] + "\n" + row[6] + "\n" + row[7]).toLowerCase());
  const body = at("rows");
  const chosen = { tag: -1, order: null };
  let shown = rows.map((row, index) => index);
  let page = 0;

  const size = (bytes) => {
    if (bytes < 1000) return bytes + " B";
    let value = bytes;
    let unit = -1;
    while (value >= 999.5 && unit < 5) {
      value /= 1000;
      unit++;
    }
    return (value < 9.95 ? value.toFixed(1) : value.toFixed(0)) + " " + ["kB", "MB", "GB", "TB", "PB", "EB"][unit];
  };
  const cell = (row, text, style, below) => {
    const made = row.insertCell();
    made.className = style;
    made.textContent = text;
    if (below) made.appendChild(document.createElement("small")).textContent = below;
    return made;
  };
  const paint = () => {
    body.replaceChildren();
    for (const index of shown.slice(page * PAGE, (page + 1) * PAGE)) {
      const [source, outcome, container, before, after, tensors, output, reason] = rows[index];
      const row = body.insertRow();
      cell(row, source, "code", output && "→ " + output);
      const badge = document.createElement("span");
      badge.className = "badge " + outcomes[outcome].replaceAll("_", "-");
      badge.textContent = outcomes[outcome].replaceAll("_", " ");
      cell(row, "", "badge-cell").appendChild(badge);
      cell(row, size(before), "number");
      cell(row, output ? size(after) : "", "number");
      cell(row, output && containers[container] ? tensors.toLocaleString("en") : "", "number");
      cell(row, containers[container], "text", reason);
    }
    const pages = Math.max(1, Math.ceil(shown.length / PAGE));
    at("count").textContent = shown.length.toLocaleString("en") + " of " + rows.length.toLocaleString("en")
      + ", page " + (page + 1) + " of " + pages;
    at("back").disabled = page === 0;
    at("on").disabled = page >= pages - 1;
    at("all").hidden = chosen.tag < 0;
    if (chosen.tag >= 0) at("all").textContent = "× " + tags[chosen.tag];
  };
  const filter = () => {
    const text = at("text").value.toLowerCase();
    const outcome = Number(at("outcome").value);
    shown = [];
    for (let i = 0; i < rows.length; i++) {
      if ((outcome < 0 || rows[i][1] === outcome) && (chosen.tag < 0 || rows[i][8].includes(chosen.tag))
          && (text === "" || lower[i].includes(text))) {
        shown.push(i);
      }
    }
    const order = at("order").value;
    if (order === "before" || order === "after") {
      const column = order === "before" ? 3 : 4;
      shown.sort((a, b) => rows[b][column] - rows[a][column] || a - b);
    }
    page = 0;
    paint();
  };

  for (const [value, text] of outcomes.entries()) {
    at("outcome").add(new Option(text.replaceAll("_", " "), value));
  }
  at("text").addEventListener("input", filter);
  at("outcome").addEventListener("change", filter);
  at("order").addEventListener("change", filter);
  at("back").addEventListener("click", () => { page--; paint(); });
  at("on").addEventListener("click", () => { page++; paint(); });
  at("all").addEventListener("click", () => { chosen.tag = -1; filter(); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-tag], a[data-row]");
    if (!link) return;
    chosen.tag = link.dataset.tag ? Number(link.dataset.tag) : -1;
    at("text").value = link.dataset.row ? rows[Number(link.dataset.row)][0] : "";
    at("outcome").value = "-1";
    filter();
  });
  // A link to the page can bring its filter along: report.html#find=os.system
  const find = () => {
    if (!location.hash.startsWith("#find=")) return;
    try {
      at("text").value = decodeURIComponent(location.hash.slice(6));
    } catch {
      return;
    }
    filter();
  };
  window.addEventListener("hashchange", find);
  at("controls").hidden = false;
  filter();
  find();
})();
