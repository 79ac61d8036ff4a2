"use strict";
for (const head of document.querySelectorAll("th[data-sort]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  head.append(button);
  button.addEventListener("click", () => {
    const body = head.closest("table").tBodies[0];
    const kind = head.dataset.sort;
    const text = (row) => row.cells[head.cellIndex]?.textContent.trim() ?? "";
    const key = (row) => {
      if (kind === "text") return NaN;
      if (kind === "date") return Date.parse(text(row).replace(/( [A-Z][a-z]+)+ Time$/, ""));
      return parseFloat(text(row));
    };
    // Numbers start with the largest, words with A.
    const before = head.getAttribute("aria-sort");
    const up = before ? before === "descending" : kind === "text";
    const rows = [...body.rows].map((row) => ({ row, key: key(row), text: text(row), failed: row.className === "failed" }));
    rows.sort((a, b) => {
      if (a.failed !== b.failed) return a.failed ? 1 : -1;
      const order = a.key === a.key && b.key === b.key ? a.key - b.key : a.text.localeCompare(b.text);
      return up ? order : -order;
    });
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    body.append(...rows.map((entry) => entry.row));
  });
}
