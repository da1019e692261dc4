// node check.mjs RUN.tap SUMMARY.md CASES: what other people's readers make of our TAP and Mermaid.
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";
import { Parser } from "tap-parser";

const { window } = new JSDOM("<!DOCTYPE html><body></body>");
Object.assign(globalThis, { window, document: window.document });
const mermaid = (await import("mermaid")).default;

const [tap, summary, cases] = process.argv.slice(2);
let wrong = 0;
const check = (good, what) => {
  if (good) return;
  console.log(what);
  wrong++;
};

const read = await new Promise((done) => new Parser({ strict: true }, done).end(readFileSync(tap)));
const errors = read.failures.filter((one) => one.tapError).map((one) => one.tapError);
check(errors.length === 0, `TAP: ${errors.join("; ")}`);
check(read.count === Number(cases), `TAP: ${read.count} of ${cases} cases`);
check(read.failures.length > 0 && read.failures.every((one) => one.diag?.message), "TAP: no diagnostics");

const text = readFileSync(summary, "utf8");
const diagrams = [...text.matchAll(/^(`{3,})mermaid\n([^]*?)\n\1$/gm)].map((found) => found[2]);
check(diagrams.length > 0, "Mermaid: there is no diagram");
for (const diagram of diagrams)
  await mermaid.parse(diagram).catch((error) => check(false, `Mermaid: ${error.message}\n${diagram}`));
check(Buffer.byteLength(text) <= 1024 * 1024, "the summary is over 1 MiB");

console.log(`${read.count} cases, ${diagrams.length} diagrams, ${wrong} wrong`);
process.exit(wrong === 0 ? 0 : 1);
