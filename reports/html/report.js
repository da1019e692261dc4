"use strict";
/* What is nicer with a script: filters, keys, copies, SDP in words, two messages side by side. The
 * page says all it has to say without it. Nothing here writes mark-up: text goes in as text. */
(() => {
  const all = (selector, root) => [...(root || document).querySelectorAll(selector)];
  const make = (name, style, text) => {
    const made = document.createElement(name);
    if (style) made.className = style;
    if (text !== undefined) made.textContent = text;
    if (name === "button") made.type = "button";
    return made;
  };
  const said = make("p", "hidden");
  said.setAttribute("role", "status");
  document.body.append(said);
  const say = (text) => { said.textContent = text; };

  /* The filter, and its place in the address: #s=failed,error&rfc=3261-17&q=busy */
  const cases = all(".case");
  const words = ["failed", "error", "inconclusive", "flaky", "known", "quarantined", "advisory", "skipped", "passed"];
  const tools = make("form", "tools");
  const field = make("input");
  const shown = make("span", "shown");
  const chips = [];

  const chosen = () => chips.filter((chip) => chip.getAttribute("aria-pressed") === "true").map((chip) => chip.value);
  const text_of = (item) => {
    const links = item.querySelector(".links"), reason = item.querySelector(".sentence");
    return [item.querySelector("summary"), reason, links].map((part) => (part ? part.textContent : "")).join(" ").toLowerCase();
  };
  let texts = null, section = "";
  const about = (item) => section === "" || (item.dataset.rfc || "").split(" ").some((one) => one === section || one.startsWith(section + "."));
  const cleared = make("button", "chip", "");
  cleared.addEventListener("click", () => { section = ""; filter(); address_write(); });

  function filter() {
    const asked = field.value.toLowerCase().split(/\s+/).filter(Boolean), wanted = chosen();
    texts = texts || cases.map(text_of);
    let count = 0;
    cases.forEach((item, index) => {
      const fits = (wanted.length === 0 || wanted.includes(item.dataset.s)) && asked.every((word) => texts[index].includes(word)) && about(item);
      item.hidden = !fits;
      count += fits;
    });
    for (const part of all(".reason, .group")) part.hidden = !part.querySelector(".case:not([hidden])");
    cleared.hidden = section === "";
    cleared.textContent = "RFC " + section.replace("-", " §") + " ×";
    cleared.setAttribute("aria-label", "Do not filter by RFC " + section.replace("-", " section "));
    shown.textContent = count === cases.length ? "" : count === 1 ? "1 scenario shown" : count + " scenarios shown";
  }

  function address_write() {
    const parts = [], wanted = chosen();
    if (wanted.length) parts.push("s=" + wanted.join(","));
    if (section) parts.push("rfc=" + encodeURIComponent(section));
    if (field.value) parts.push("q=" + encodeURIComponent(field.value));
    history.replaceState(null, "", parts.length ? "#" + parts.join("&") : location.pathname + location.search);
  }

  function address_read() {
    const hash = location.hash.slice(1);
    if (!hash.includes("=")) return;
    const given = new URLSearchParams(hash), wanted = (given.get("s") || "").split(",");
    field.value = given.get("q") || "";
    section = given.get("rfc") || "";
    for (const chip of chips) chip.setAttribute("aria-pressed", String(wanted.includes(chip.value)));
    filter();
  }

  function tools_make() {
    tools.setAttribute("role", "search");
    field.type = "search";
    field.placeholder = "Filter scenarios";
    field.setAttribute("aria-label", "Filter scenarios by name, file, reason or tag");
    field.setAttribute("aria-keyshortcuts", "/");
    tools.append(field);
    const there = words.filter((word) => cases.some((item) => item.dataset.s === word));
    for (const word of there.length > 1 ? there : []) {
      const chip = make("button", "chip", word);
      chip.value = word;
      chip.setAttribute("aria-pressed", "false");
      chip.addEventListener("click", () => {
        chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
        filter();
        address_write();
      });
      chips.push(chip);
      tools.append(chip);
    }
    shown.setAttribute("role", "status");
    cleared.hidden = true;
    const keys = make("span", "keys");
    for (const [key, what] of [["/", "filter"], ["j", "next"], ["k", "previous"], ["Esc", "back"]]) keys.append(make("kbd", "", key), " " + what + "  ");
    tools.append(cleared, shown, keys);
    for (const cell of all("th[data-rfc]")) {
      const link = make("button", "link", cell.textContent);
      link.addEventListener("click", () => { section = cell.dataset.rfc; filter(); address_write(); tools.scrollIntoView({ block: "start" }); });
      cell.replaceChildren(link);
    }
    tools.addEventListener("submit", (event) => event.preventDefault());
    field.addEventListener("input", () => { filter(); address_write(); });
    if (cases.length > 1) document.querySelector("main").before(tools);
  }

  /* The bytes of a message, read back out of its marks (messages.c). */
  const marks = /\\r|\\n|\\t|\\x[0-9a-f]{2}|\\u\{[0-9a-f]+\}/g, controls = { r: 13, n: 10, t: 9 };
  function mark_bytes(text, out) {
    for (const [mark] of text.matchAll(marks)) {
      if (mark[1] === "x") out.push(parseInt(mark.slice(2), 16));
      else if (mark[1] === "u") out.push(...new TextEncoder().encode(String.fromCodePoint(parseInt(mark.slice(3, -1), 16))));
      else out.push(controls[mark[1]]);
    }
  }
  function bytes_of(raw) {
    const out = [];
    for (const node of raw.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) for (const byte of new TextEncoder().encode(node.data.replaceAll("\n", ""))) out.push(byte);
      else mark_bytes(node.textContent, out);
    }
    return new Uint8Array(out);
  }
  const lines_of = (raw) => raw.textContent.split("\n").map((line) => line.replace(/\\r\\n$/, ""));

  function copy(text, button) {
    const done = () => {
      say("Copied");
      if (button.textContent === "Copied") return;
      const before = button.textContent;
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = before; }, 1200);
    };
    const by_hand = () => {
      const field = make("textarea");
      field.value = text;
      button.after(field);
      field.select();
      if (document.execCommand("copy")) done();
      field.remove();
      button.focus();
    };
    if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(text).then(done, by_hand);
    else by_hand();
  }

  function save(raw) {
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([bytes_of(raw)], { type: "application/octet-stream" }));
    link.download = raw.closest(".file") ? "attachment-" + raw.id.slice(1) : "message-" + raw.id.slice(1) + ".sip";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  /* SDP in words, beside the message: RFC 8866 §5 has the letters. */
  const letters = { v: "Version", o: "Origin", s: "Session", i: "Information", u: "URI", e: "Email", p: "Phone", c: "Connection", b: "Bandwidth", t: "Time", r: "Repeats", z: "Zones", k: "Key", m: "Media", a: "Attribute" };
  function sdp_add(raw) {
    const lines = lines_of(raw), body = lines.indexOf("") + 1;
    if (body === 0 || lines[body] !== "v=0") return;
    const list = make("dl", "sdp");
    for (const line of lines.slice(body)) {
      const row = make("div", line.startsWith("m=") ? "media" : "");
      if (!/^[a-z]=/.test(line)) continue;
      row.append(make("dt", "", letters[line[0]] || line[0]), make("dd", "", line.slice(2)));
      list.append(row);
    }
    raw.after(list);
    raw.parentNode.classList.add("with-sdp");
  }

  /* Two messages beside each other: lines of one only are marked. */
  let first = null;
  /* Pairs of indices that keep the order of both, as many as there are; -1 stands for nobody. */
  function pairs(a, b) {
    const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; i--)
      for (let j = b.length - 1; j >= 0; j--)
        table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    const out = [];
    let i = 0, j = 0;
    while (i < a.length || j < b.length) {
      if (i < a.length && j < b.length && a[i] === b[j]) out.push([i++, j++]);
      else if (j >= b.length || (i < a.length && table[i + 1][j] >= table[i][j + 1])) out.push([i++, -1]);
      else out.push([-1, j++]);
    }
    return out;
  }
  /* Lines that are the same beside each other, and between them those that speak of the same header. */
  function common(a, b) {
    const name = (line, index) => (index === 0 ? "start line" : line.split(/[:=]/)[0]), rows = [];
    let left = [], right = [];
    const flush = () => {
      const names = (list, lines) => list.map((index) => name(lines[index], index));
      for (const [i, j] of pairs(names(left, a), names(right, b))) rows.push([i < 0 ? null : a[left[i]], j < 0 ? null : b[right[j]], false]);
      left = [];
      right = [];
    };
    for (const [i, j] of pairs(a, b)) {
      if (i >= 0 && j >= 0) {
        flush();
        rows.push([a[i], b[j], true]);
      } else if (i >= 0) left.push(i);
      else right.push(j);
    }
    flush();
    return rows;
  }

  const title_of = (raw) => {
    const parts = raw.closest(".msg").querySelector("summary").children;
    return [...parts].map((part) => part.textContent).join(" ");
  };
  const LINES_MOST = 2000;
  function compare(one, other, from) {
    const dialog = make("dialog", "compare"), table = make("table"), head = make("tr"), close = make("button", "", "Close");
    dialog.setAttribute("aria-label", "Two messages compared");
    for (const raw of [one, other]) {
      const cell = make("th", "", title_of(raw));
      cell.scope = "col";
      head.append(cell);
    }
    table.append(head);
    for (const [left, right, same] of common(lines_of(one).slice(0, LINES_MOST), lines_of(other).slice(0, LINES_MOST))) {
      const row = make("tr", same ? "" : "differs");
      row.append(make("td", "", left === null ? "" : left), make("td", "", right === null ? "" : right));
      table.append(row);
    }
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => { dialog.remove(); from.focus(); });
    dialog.append(close, table);
    document.body.append(dialog);
    dialog.showModal();
  }

  function compare_press(raw, button) {
    if (first && first.raw !== raw && first.raw.isConnected) {
      first.button.setAttribute("aria-pressed", "false");
      const one = first.raw;
      first = null;
      compare(one, raw, button);
      return;
    }
    const again = first && first.raw === raw;
    button.setAttribute("aria-pressed", String(!again));
    first = again ? null : { raw, button };
    say(again ? "" : "Choose a second message to compare");
  }

  /* The marks of line ends and odd bytes are part of the page; this takes them out of sight. */
  function marks_press() {
    const plain = document.body.classList.toggle("plain");
    for (const button of all(".marks")) button.setAttribute("aria-pressed", String(!plain));
  }

  function raw_open(raw) {
    if (raw.dataset.ready) return;
    raw.dataset.ready = "1";
    const bar = make("p", "actions"), copies = make("button", "", "Copy"), saves = make("button", "", "Save"), compares = make("button", "", "Compare"), shows = make("button", "marks", "Marks");
    compares.setAttribute("aria-pressed", "false");
    shows.setAttribute("aria-pressed", String(!document.body.classList.contains("plain")));
    shows.title = "Show line ends and odd bytes";
    copies.addEventListener("click", () => copy(new TextDecoder().decode(bytes_of(raw)), copies));
    saves.addEventListener("click", () => save(raw));
    compares.addEventListener("click", () => compare_press(raw, compares));
    shows.addEventListener("click", marks_press);
    bar.append(copies, saves, compares, shows);
    (raw.closest(".version") ? raw : raw.parentNode).before(bar);
    sdp_add(raw);
  }
  function message_open(details) {
    for (const raw of all("pre.raw", details)) raw_open(raw);
  }

  /* From an arrow to its message, and back. */
  function follow(hash, event) {
    const target = document.getElementById(hash.slice(1));
    if (!target) return;
    const inside = target.closest("details");
    if (inside) inside.open = true;
    for (let outer = inside; outer; outer = outer.parentElement.closest("details")) outer.open = true;
    event.preventDefault();
    if (location.hash !== hash) location.hash = hash;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const hash = link && (link.getAttribute("href") || "");
    if (hash && /^#([lmwba]\d|s-)/.test(hash)) follow(hash, event);
  });

  const visible = () => cases.filter((item) => !item.hidden);
  function step(by) {
    const list = visible(), here = list.findIndex((item) => item.contains(document.activeElement));
    const next = list[here < 0 ? (by > 0 ? 0 : list.length - 1) : here + by];
    if (next) next.querySelector("summary").focus();
  }
  function row_step(event) {
    const link = event.target.closest ? event.target.closest("svg a") : null;
    if (!link || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return false;
    const links = all("a", link.closest("svg")), next = links[links.indexOf(link) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) next.focus();
    return true;
  }
  function back() {
    const message = document.activeElement.closest(".msg"), body = document.activeElement.closest(".case");
    const target = message && message.querySelector("[id^=m]");
    const arrow = target && document.getElementById("l" + target.id.slice(1));
    if (arrow) arrow.focus();
    else if (body) body.querySelector("summary").focus();
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (row_step(event)) event.preventDefault();
    else if (event.key === "Escape") back();
    else if (event.target.matches("input, textarea")) return;
    else if (event.key === "/" && tools.isConnected) { field.focus(); event.preventDefault(); }
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
  });

  document.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.matches(".msg")) message_open(event.target);
  }, true);
  for (const message of all(".msg[open]")) message_open(message);
  for (const code of all("code.copy")) {
    const button = make("button", "copier", "Copy");
    button.setAttribute("aria-label", "Copy the command");
    button.addEventListener("click", () => copy(code.textContent, button));
    code.after(button);
  }
  tools_make();
  address_read();
  window.addEventListener("hashchange", address_read);
})();
