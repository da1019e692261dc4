// node check.mjs REPORT DENSE BIG CHROMIUM [SHOTS]: looks at the page as a person with a browser does, and as one without a script,
// without sight, without a mouse, or with a message from somebody who means harm.
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [report, dense, big, chrome, shots] = process.argv.slice(2);
const address = pathToFileURL(report).href;
const browser = await chromium.launch({ executablePath: chrome, args: ["--no-sandbox"] });

// A page of its own, offline; what it asks for and complains of is kept.
async function open(options = {}, hash = "", file = report) {
  const context = await browser.newContext({ offline: true, acceptDownloads: true, ...options });
  const page = await context.newPage();
  const seen = { requests: [], complaints: [] };
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("console", (message) => seen.complaints.push(message.text()));
  page.on("pageerror", (error) => seen.complaints.push(String(error)));
  await page.goto(pathToFileURL(file).href + hash);
  return { page, seen, close: () => context.close() };
}

const of = (page, name) => page.locator(".case", { hasText: name });

// The payloads of the UDP packets in a pcapng file of ours, in order: Ethernet, RFC 791 §3.1, RFC 768.
function payloads(file) {
  const bytes = fs.readFileSync(file), out = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32LE(at + 4)) {
    if (bytes.readUInt32LE(at) !== 6) continue;
    const packet = bytes.subarray(at + 28 + 14, at + 28 + bytes.readUInt32LE(at + 20));
    out.push(packet.subarray((packet[0] & 15) * 4 + 8));
  }
  return out;
}

async function saved(page, raw) {
  const message = raw.locator("xpath=ancestor::details[1]");
  await message.evaluate((details) => { details.open = true; });
  const [download] = await Promise.all([page.waitForEvent("download"), message.getByRole("button", { name: "Save" }).click()]);
  return fs.readFileSync(await download.path());
}

// A scenario, and all that can be unfolded in it.
const unfold = (item) => item.evaluate((details) => { for (const part of [details, ...details.querySelectorAll("details")]) part.open = true; });

const checks = {
  async "one request, offline, and no complaint"() {
    const { page, seen, close } = await open();
    await of(page, "never rings").first().evaluate((details) => { details.open = true; });
    assert.deepEqual(seen.requests.filter((url) => !url.startsWith("data:")), [address]);
    assert.deepEqual(seen.complaints, []);
    await close();
  },

  async "axe finds nothing, in light and in dark, open and closed, wide and narrow"() {
    const axe = fs.readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
    for (const colorScheme of ["light", "dark"])
      for (const width of [360, 1600]) {
        const { page, close } = await open({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
        await page.evaluate(() => { for (const part of document.querySelectorAll("details")) part.open = true; });
        await page.evaluate(axe);
        const found = await page.evaluate(() => axe.run());
        assert.deepEqual(found.violations.map((one) => one.id + ": " + one.nodes.map((node) => node.html).slice(0, 3).join(" ")), []);
        await close();
      }
  },

  async "from the list to a message and back, by keys"() {
    const { page, close } = await open();
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.tagName);
    await page.keyboard.press("j");
    assert.equal(await focused(), "SUMMARY");
    for (let i = 0; i < 40 && !/^l\d/.test(await focused()); i++) await page.keyboard.press("Tab");
    const arrow = await focused();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    assert.equal(await focused(), arrow);
    await page.keyboard.press("Enter");
    await page.waitForFunction((id) => document.activeElement.id === id, arrow.replace("l", "m"));
    assert.ok(await page.locator("#" + arrow.replace("l", "m")).isVisible());
    await page.keyboard.press("Escape");
    assert.equal(await focused(), arrow);
    await page.keyboard.press("Escape");
    assert.equal(await focused(), "SUMMARY");
    await close();
  },

  async "without a script: verdict, ladder, message"() {
    const { page, close } = await open({ javaScriptEnabled: false });
    assert.match(await page.locator("h1").innerText(), /4 of 9 scenarios failed, 1 flaky, 2 skipped/);
    const failed = of(page, "never rings").first();
    assert.ok(await failed.locator(".sentence").isVisible());
    assert.ok(await failed.locator("svg").isVisible());
    await failed.locator("svg a").first().click();
    const raw = failed.locator("pre.raw").first();
    assert.ok(await raw.isVisible());
    assert.match(await raw.innerText(), /^INVITE sip:bob@10\.0\.0\.2 SIP\/2\.0/);
    assert.equal(await page.locator("button:visible, input:visible").count(), 0);
    const link = failed.locator(".links a").first();
    assert.ok(fs.existsSync(path.join(path.dirname(report), decodeURIComponent(await link.getAttribute("href")))));
    await close();
  },

  async "what a hook changed stands beside what it was, and the log as text"() {
    const { page, close } = await open();
    const item = of(page, "what a hook changes").first();
    await unfold(item);
    const versions = item.locator(".msg").first().locator(".version");
    assert.deepEqual(await versions.locator(".label").allInnerTexts(), ["Before it was changed", "On the wire", "As it arrived"]);
    const [was, wire, became] = await versions.locator("pre").allInnerTexts();
    assert.doesNotMatch(was, /no phone at all/);
    assert.match(wire, /User-Agent: no phone at all/);
    assert.doesNotMatch(wire, /Subject/);
    assert.match(became, /Subject: read <\/pre><script>/);
    const log = await item.locator(".told").innerText();
    assert.match(log, /alice asks, and says what she is not/);
    assert.match(log, /the answer came <script>pwned=1<\/script> after a while/);
    assert.match(log, /how many: expected 3, got 2/);
    assert.equal(await item.locator(".told .file").count(), 2);
    assert.deepEqual(await item.locator(".values tbody tr td:nth-child(2)").allInnerTexts(), ["3", "a match of /^sips:/"]);
    assert.match(await item.locator(".ladder text.step").textContent(), /alice asks/);
    await close();
  },

  async "marks of line ends go out of sight, and what is copied stays what it was"() {
    const { page, close } = await open();
    const item = of(page, "never rings").first();
    await unfold(item);
    const raw = item.locator("pre.raw").first(), mark = raw.locator("b").first();
    const before = await saved(page, raw);
    assert.ok(await mark.isVisible());
    await item.getByRole("button", { name: "Marks" }).first().click();
    assert.ok(!(await mark.isVisible()));
    assert.ok(before.equals(await saved(page, raw)));
    await close();
  },

  async "a button that was pressed twice has its word again"() {
    const { page, close } = await open();
    const button = of(page, "never rings").first().getByRole("button", { name: "Copy the command" }).first();
    await button.click();
    await button.click();
    assert.equal(await button.textContent(), "Copied");
    await page.waitForFunction((one) => one.textContent === "Copy", await button.elementHandle(), { timeout: 3000 });
    await page.waitForTimeout(1300);
    assert.equal(await button.textContent(), "Copy");
    await close();
  },

  async "the first try of what is flaky is there with its own messages"() {
    const { page, close } = await open();
    const item = of(page, "holds at the second").first();
    await unfold(item);
    const earlier = item.locator(".earlier");
    assert.match(await earlier.locator(".sentence").innerText(), /the seed: expected not 7, got 7/);
    assert.equal(await item.locator("svg").count(), 2);
    await earlier.locator(".ladder a").first().click();
    assert.ok(await earlier.locator("pre.raw").first().isVisible());
    const ids = await page.evaluate(() => [...document.querySelectorAll("[id]")].map((part) => part.id));
    assert.equal(new Set(ids).size, ids.length);
    await close();
  },

  async "requirements by section, a score of three numbers, and a section as a filter"() {
    const { page, close } = await open();
    assert.match(await page.locator(".score").innerText(), /^1 of 2 MUST\s+0 of 1 SHOULD$/);
    await page.locator(".conformance > summary").click();
    const rows = page.locator(".conformance tbody tr");
    assert.ok(await rows.count() >= 2);
    await page.locator(".conformance tr", { hasText: "CTI-001" }).getByRole("button").click();
    assert.match(page.url(), /#rfc=3261-17\.1\.1/);
    assert.deepEqual(await page.locator(".case:visible h3").evaluateAll((all) => all.map((one) => one.firstChild.data)), ["a callee who never rings", "a call that passes"]);
    await close();
    const chapter = await open({}, "#rfc=3261-17");
    assert.ok(await of(chapter.page, "call that passes").first().isVisible());
    assert.ok(!(await of(chapter.page, "holds at the second").first().isVisible()));
    await chapter.close();
  },

  async "skips are grouped by their reason"() {
    const { page, close } = await open();
    const reason = page.locator(".reason");
    assert.equal(await reason.count(), 1);
    assert.equal(await reason.locator(".case").count(), 2);
    assert.equal(await reason.locator("p").first().innerText(), "no gruu here");
    await close();
  },

  async "each scenario has an address of its own"() {
    const { page, close } = await open();
    const id = await of(page, "question to each").first().locator(".body").getAttribute("id");
    assert.match(id, /^s-cases_a-question-to-each-of-four$/);
    await close();
    const there = await open({}, "#" + id);
    assert.ok(await there.page.locator("#" + id).isVisible());
    await there.close();
  },

  async "Wireshark's filter names the call"() {
    const { page, close } = await open();
    const links = of(page, "call that passes").first().locator(".links");
    assert.match(await links.textContent(), /sip\.Call-ID == "[^"]+"/);
    assert.equal(await links.locator("a").last().getAttribute("href"), "./report.jsonl");
    await close();
  },

  async "it is valid HTML"() {
    const { HtmlValidate } = await import("html-validate");
    const validate = new HtmlValidate({ extends: ["html-validate:standard"], rules: { "no-inline-style": "error", "require-sri": "off", "no-raw-characters": "error", "long-title": "off" } });
    const result = await validate.validateString(fs.readFileSync(report, "utf8"));
    const found = result.results.flatMap((one) => one.messages.map((message) => `${message.line}: ${message.ruleId}: ${message.message}`));
    assert.deepEqual([...new Set(found)].slice(0, 20), []);
  },

  async "the message that never came is a ghost"() {
    const { page, close } = await open();
    const ghost = of(page, "never rings").first().locator("[data-kind=absent]");
    assert.equal(await ghost.count(), 1);
    assert.match(await ghost.textContent(), /180 INVITE.*never came: 180/s);
    await close();
  },

  async "what was lost ends in a cross, and says why"() {
    const { page, close } = await open();
    const gone = of(page, "loses all").first().locator("svg .gone");
    assert.equal(await gone.count(), 2 * 7); // lines, and what stands at them
    assert.match(await gone.nth(8).locator("title").textContent(), /rtx 1 of 6, Timer A; lost: partition/);
    assert.equal(await gone.nth(1).locator(".x").count(), 1);
    await close();
  },

  async "latency is a slope"() {
    const { page, close } = await open();
    const shaft = await of(page, "call that passes").first().locator(".shafts path").first().getAttribute("d");
    const [x1, y1, x2, y2] = shaft.match(/[\d.]+/g).map(Number);
    assert.ok(x2 > x1 && y2 > y1, shaft);
    await close();
  },

  async "however much happens at once, no words stand on others"() {
    const { page, close } = await open({}, "", dense);
    const clashes = await page.evaluate(() => {
      const out = [];
      for (const item of document.querySelectorAll(".case")) {
        item.open = true;
        const texts = [...item.querySelectorAll(".ladder text")].map((text) => ({ text: text.textContent, box: text.getBBox() }));
        if (texts.length < 20) out.push("nothing to see");
        texts.forEach((one, index) => texts.slice(index + 1).forEach((other) => {
          const [a, b] = [one.box, other.box];
          const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x), high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
          if (wide > 1 && high > 3) out.push(`${one.text} on ${other.text}`);
        }));
      }
      return out;
    });
    assert.deepEqual(clashes, []);
    await close();
  },

  async "nothing that came from a wire or a script runs"() {
    const { page, seen, close } = await open();
    await page.evaluate(() => { for (const part of document.querySelectorAll("details")) part.open = true; });
    await page.waitForTimeout(200);
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    assert.equal(await page.locator("img, iframe, object, svg[onload], [onclick], [onerror]").count(), 0);
    assert.deepEqual(seen.complaints, []);
    const text = await page.evaluate(() => document.body.textContent);
    assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]/);
    await close();
  },

  async "raw bytes are those of the capture"() {
    const { page, close } = await open();
    for (const name of ["call that passes", "never rings", "<img src=x"]) {
      const item = of(page, name).first();
      const link = await item.locator(".links a").first().getAttribute("href");
      const wire = payloads(path.join(path.dirname(report), decodeURIComponent(link)));
      assert.ok(wire.length > 0);
      const raws = item.locator(".messages pre.raw");
      assert.equal(await raws.count(), wire.length);
      await item.evaluate((details) => { details.open = true; });
      for (let i = 0; i < wire.length; i++) assert.ok(wire[i].equals(await saved(page, raws.nth(i))), `${name}, message ${i + 1}`);
    }
    await close();
  },

  async "a filter, and its place in the address"() {
    const { page, close } = await open();
    await page.getByRole("searchbox").fill("never rings");
    assert.equal(await page.locator(".case:visible").count(), 1);
    assert.match(page.url(), /#q=never%20rings$/);
    await page.getByRole("searchbox").fill("");
    await page.getByRole("button", { name: "passed" }).click();
    assert.equal(await page.locator(".case:visible").count(), 2);
    assert.match(page.url(), /#s=passed$/);
    await close();
    const again = await open({}, "#s=failed&q=loses");
    assert.equal(await again.page.locator(".case:visible").count(), 1);
    await again.close();
  },

  async "two messages side by side"() {
    const { page, close } = await open();
    const item = of(page, "call that passes").first();
    await unfold(item);
    const buttons = item.getByRole("button", { name: "Compare" });
    await buttons.nth(0).click();
    await buttons.nth(1).click();
    const dialog = page.getByRole("dialog");
    assert.ok(await dialog.isVisible());
    assert.ok(await dialog.locator("tr.differs").count() > 0);
    assert.ok(await dialog.locator("tr:not(.differs)").count() > 1);
    assert.match(await dialog.locator("tr.differs").first().innerText(), /INVITE sip:bob.*SIP\/2\.0 200 OK/s);
    await page.keyboard.press("Escape");
    assert.equal(await page.getByRole("dialog").count(), 0);
    await close();
  },

  async "SDP in words beside the message"() {
    const { page, close } = await open();
    const item = of(page, "call that passes").first();
    await unfold(item);
    assert.match(await item.locator(".sdp .media").first().innerText(), /Media\s+audio/);
    await close();
  },

  // Jenkins serves archived pages so: https://www.jenkins.io/doc/book/security/configuring-content-security-policy/
  async "under Jenkins' policy it can still be read"() {
    const policy = "sandbox allow-same-origin allow-scripts; default-src 'none'; img-src 'self'; style-src 'self';";
    const server = http.createServer((request, response) => {
      response.writeHead(200, { "Content-Type": "text/html", "Content-Security-Policy": policy });
      response.end(fs.readFileSync(report));
    });
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    const failed = of(page, "never rings").first(), arrow = failed.locator("svg a").first();
    assert.ok(await failed.locator(".sentence").isVisible());
    assert.equal(await page.locator("button").count(), 0);
    assert.notEqual(await arrow.locator("path").first().evaluate((path) => getComputedStyle(path).stroke), "none");
    await arrow.locator("text").first().click();
    assert.ok(await failed.locator("pre.raw").first().isVisible());
    await page.close();
    await new Promise((done) => server.close(done));
  },

  async "nothing is wider than a phone"() {
    for (const width of [320, 360, 640]) { // 640: 1280 at 200 %
      const { page, close } = await open({ viewport: { width, height: 700 } });
      await page.evaluate(() => { for (const part of document.querySelectorAll("details")) part.open = true; });
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= width, `${width}`);
      await close();
    }
  },

  async "on paper, failures are unfolded"() {
    const { page, close } = await open();
    await page.emulateMedia({ media: "print" });
    assert.ok(await of(page, "loses all").first().locator("svg").isVisible());
    assert.ok(!(await page.locator(".tools").isVisible()));
    await close();
  },

  async "a thousand scenarios: under 15 MB, and all of them there"() {
    assert.ok(fs.statSync(big).size < 15e6, `${fs.statSync(big).size} bytes`);
    const { page, seen, close } = await open({}, "", big);
    assert.equal(await page.locator(".case").count(), 1000);
    assert.equal(await page.locator(".case[data-s=failed]").count(), 25);
    assert.equal(await page.locator(".case[data-s=failed] pre.raw").count() >= 25 * 10, true);
    await page.getByRole("searchbox").fill("call 777 of");
    assert.equal(await page.locator(".case:visible").count(), 1);
    assert.deepEqual(seen.complaints, []);
    await close();
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log("ok: " + name);
  } catch (error) {
    failed++;
    console.log("FAILED: " + name + "\n" + error.message);
  }
}
if (shots)
  for (const width of [360, 1600])
    for (const colorScheme of ["light", "dark"]) {
      const { page, close } = await open({ viewport: { width, height: 900 }, colorScheme });
      await page.evaluate(() => { for (const part of document.querySelectorAll(".case")) part.open = true; });
      await page.screenshot({ path: path.join(shots, `page-${width}-${colorScheme}.png`), fullPage: true });
      await close();
    }
await browser.close();
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
