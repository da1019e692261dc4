// node coverage.mjs PAGE CHROMIUM [SHOTS]: the page of `sipwright coverage`, as somebody with a browser has it.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [file, chrome, shots] = process.argv.slice(2);
const address = pathToFileURL(file).href;
const browser = await chromium.launch({ executablePath: chrome, args: ["--no-sandbox"] });

async function open(options = {}, hash = "") {
  const context = await browser.newContext({ offline: true, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const seen = { requests: [], complaints: [] };
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("console", (message) => seen.complaints.push(message.text()));
  page.on("pageerror", (error) => seen.complaints.push(String(error)));
  await page.goto(address + hash);
  return { page, seen, close: () => context.close() };
}
const visible = (page) => page.locator(".row:visible").count();
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

const checks = {
  async "one request, offline, and no complaint"() {
    const { seen, close } = await open();
    assert.deepEqual(seen.requests.filter((url) => !url.startsWith("data:")), [address]);
    assert.deepEqual(seen.complaints, []);
    await close();
  },

  async "axe finds nothing, in light and in dark, wide and narrow"() {
    const axe = fs.readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
    for (const colorScheme of ["light", "dark"])
      for (const width of [360, 1600]) {
        const { page, close } = await open({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
        // Those of one RFC, all of them open: the others look the same.
        await page.evaluate(() => {
          for (const part of [...document.querySelectorAll(".rfc")].slice(4)) part.remove();
          for (const link of document.querySelectorAll(".rfcs tbody tr:nth-child(n+5)")) link.remove();
          for (const part of document.querySelectorAll("details")) part.open = true;
        });
        await page.evaluate(axe);
        const found = await page.evaluate(() => axe.run());
        assert.deepEqual(found.violations.map((one) => one.id + ": " + one.nodes.map((node) => node.html).slice(0, 3).join(" ")), []);
        await close();
      }
  },

  async "it is valid HTML"() {
    const { HtmlValidate } = await import("html-validate");
    const validate = new HtmlValidate({ extends: ["html-validate:standard"], rules: { "no-inline-style": "error", "require-sri": "off", "no-raw-characters": "error" } });
    const result = await validate.validateString(fs.readFileSync(file, "utf8"));
    const found = result.results.flatMap((one) => one.messages.map((message) => `${message.line}: ${message.ruleId}: ${message.message}`));
    assert.deepEqual([...new Set(found)].slice(0, 20), []);
  },

  async "every row is there without a script, with the RFC's words"() {
    const { page, close } = await open({ javaScriptEnabled: false });
    assert.match(await page.locator("h1").innerText(), new RegExp(`of ${await visible(page)} requirements are covered`));
    const row = page.locator("#CTI-001");
    await row.locator("summary").click();
    assert.ok(await row.locator("blockquote").isVisible());
    assert.match(await row.locator("dl").innerText(), /cases\.lua:\d+/);
    assert.equal(await page.locator("button:visible, input:visible").count(), 0);
    await close();
  },

  async "filters of one kind add up, of several kinds narrow, and stand in the address"() {
    const { page, close } = await open(), all = await visible(page);
    await press(page, "MUST");
    const must = await visible(page);
    await press(page, "SHOULD");
    const both = await visible(page);
    assert.ok(must < both && both < all);
    await press(page, "proxy");
    const proxies = await visible(page);
    assert.ok(proxies > 0 && proxies < both);
    await page.getByRole("searchbox").fill("Record-Route");
    const few = await visible(page);
    assert.ok(few > 0 && few < proxies);
    assert.match(page.url(), /#show=must,should,PROXY&q=Record-Route$/);
    const again = await open({}, new URL(page.url()).hash);
    assert.equal(await visible(again.page), few);
    await again.close();
    await close();
  },

  async "what failed is found, and each run has its mark"() {
    const { page, close } = await open();
    await press(page, "failed");
    const row = page.locator(".row:visible").first();
    assert.match(await row.locator(".marks").innerText(), /✗\s*(failed on)?\s*simulated/);
    await close();
  },

  async "a row has an address, and an RFC is found though a filter hides it"() {
    const { page, close } = await open({}, "#CTI-001");
    assert.ok(await page.locator("#CTI-001 .inside").isVisible());
    await page.getByRole("searchbox").fill("nowhere-to-be-found");
    assert.equal(await visible(page), 0);
    await page.locator(".rfcs > summary").click();
    await page.locator(".rfcs a").first().click();
    assert.ok(await page.locator("h2").first().isVisible());
    await close();
  },

  async "a narrow page does not run out at its side"() {
    const { page, close } = await open({ viewport: { width: 360, height: 800 } });
    await page.evaluate(() => { for (const part of document.querySelectorAll("details")) part.open = true; });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await close();
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log("ok      " + name);
  } catch (error) {
    failed++;
    console.log(`not ok  ${name}\n${String(error.message || error).split("\n").slice(0, 12).join("\n")}`);
  }
}
if (shots)
  for (const width of [360, 1600])
    for (const colorScheme of ["light", "dark"]) {
      const { page, close } = await open({ viewport: { width, height: 1200 }, colorScheme }, "#CTI-001");
      await page.screenshot({ path: path.join(shots, `coverage-${width}-${colorScheme}.png`) });
      await close();
    }
await browser.close();
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
