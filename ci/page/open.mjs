// node open.mjs REPORT CHROMIUM: how long the browser works on the page until it is there, in seconds: what the page costs this
// process, not what the machine is busy with otherwise. The median of five.
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [report, chrome] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: chrome, args: ["--no-sandbox"] });
const context = await browser.newContext({ offline: true }), page = await context.newPage();
await page.goto(pathToFileURL(report).href);
const client = await context.newCDPSession(page);
await client.send("Performance.enable", { timeDomain: "threadTicks" });
const times = [];
for (let i = 0; i < 5; i++) {
  await page.reload();
  const { metrics } = await client.send("Performance.getMetrics");
  times.push(metrics.find((one) => one.name === "TaskDuration").value);
}
await browser.close();
console.log(times.sort((a, b) => a - b)[2].toFixed(2));
