"use strict";
/* Filters of the catalogue, and their place in the address: #show=uncovered,must,UAC&q=timer. All there is to read is
 * there without them. */
(() => {
  const all = (selector, root) => [...(root || document).querySelectorAll(selector)];
  const make = (name, style, text) => {
    const made = document.createElement(name);
    if (style) made.className = style;
    if (text !== undefined) made.textContent = text;
    if (name === "button") made.type = "button";
    return made;
  };
  const rows = all(".row"), tools = make("form", "tools"), field = make("input"), shown = make("span", "shown"), chips = [];
  /* Within a group one is enough; of each group that says anything, one has to fit. */
  const groups = [
    { of: "cover", words: [["uncovered", "not covered"], ["rule", "by a rule alone"], ["skipped", "skipped only"], ["failed", "failed"]] },
    { of: "level", words: [["must", "MUST"], ["should", "SHOULD"], ["may", "MAY"]] },
    { of: "role", words: [["UAC", "UAC"], ["UAS", "UAS"], ["PROXY", "proxy"], ["REGISTRAR", "registrar"]] },
  ];
  const has = (row, of, word) => row.dataset[of].split(/[ ,]/).some((one) => one === word || (of === "role" && one === "ANY"));
  const pressed = (chip) => chip.getAttribute("aria-pressed") === "true";
  const fits = (row) => groups.every((group, index) => {
    const wanted = chips.filter((chip) => chip.dataset.group === String(index) && pressed(chip));
    return wanted.length === 0 || wanted.some((chip) => has(row, group.of, chip.value));
  });
  let texts = null;

  function filter() {
    const asked = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    texts = texts || rows.map((row) => row.textContent.toLowerCase());
    rows.forEach((row, index) => {
      row.hidden = !(fits(row) && asked.every((word) => texts[index].includes(word)));
      count += !row.hidden;
    });
    for (const part of all(".part, .rfc")) part.hidden = !part.querySelector(".row:not([hidden])");
    shown.textContent = count === rows.length ? "" : count === 1 ? "1 requirement shown" : count + " requirements shown";
  }
  function address_write() {
    const parts = [], wanted = chips.filter(pressed).map((chip) => chip.value);
    if (wanted.length) parts.push("show=" + wanted.join(","));
    if (field.value) parts.push("q=" + encodeURIComponent(field.value));
    history.replaceState(null, "", parts.length ? "#" + parts.join("&") : location.pathname + location.search);
  }
  function address_read() {
    const hash = location.hash.slice(1), row = hash && document.getElementById(hash);
    if (row && row.matches(".row")) { row.open = true; row.scrollIntoView(); }
    if (!hash.includes("=")) return;
    const given = new URLSearchParams(hash), wanted = (given.get("show") || "").split(",");
    field.value = given.get("q") || "";
    for (const chip of chips) chip.setAttribute("aria-pressed", String(wanted.includes(chip.value)));
    filter();
  }
  function chip_add(group, index, value, word) {
    if (!rows.some((row) => row.dataset[group.of].split(/[ ,]/).includes(value))) return;
    const chip = make("button", "chip", word);
    chip.value = value;
    chip.dataset.group = String(index);
    chip.setAttribute("aria-pressed", "false");
    chip.addEventListener("click", () => { chip.setAttribute("aria-pressed", String(!pressed(chip))); filter(); address_write(); });
    chips.push(chip);
    tools.append(chip);
  }

  tools.setAttribute("role", "search");
  field.type = "search";
  field.placeholder = "Filter requirements";
  field.setAttribute("aria-label", "Filter requirements by id, words, scenario or file");
  field.setAttribute("aria-keyshortcuts", "/");
  shown.setAttribute("role", "status");
  tools.append(field);
  groups.forEach((group, index) => { for (const [value, word] of group.words) chip_add(group, index, value, word); });
  tools.append(shown);
  tools.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", () => { filter(); address_write(); });
  document.querySelector("main").before(tools);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input")) return;
    field.focus();
    event.preventDefault();
  });
  for (const link of all('.rfcs a')) link.addEventListener("click", () => { /* a filter may hide where it leads */
    const part = document.getElementById(link.getAttribute("href").slice(1)).closest(".rfc");
    if (!part.hidden) return;
    field.value = "";
    for (const chip of chips) chip.setAttribute("aria-pressed", "false");
    filter();
  });
  address_read();
  window.addEventListener("hashchange", address_read);
})();
