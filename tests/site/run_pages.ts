/**
 * Runs every notebook of site/ that runs in its page, in a Chromium, and says which cells show something
 * else than what is committed.
 *
 * @module
 */
import { launchChromium, skipsBrowser } from "../browser/chromium.ts";
import { HANG_GUARD_MS } from "../eventually.ts";
import { openTab } from "./tab.ts";
import { serveSite } from "../../tools/site/serve_site.ts";

if (skipsBrowser()) Deno.exit(0);

await using server = serveSite("site", 0);
await using browser = await launchChromium();
const names = [...Deno.readDirSync("site/notebooks")].map(({ name }) => name)
  .filter((name) => /^\d.*\.html$/.test(name)).sort();
for (const name of names) {
  // A notebook takes minutes on one thread.
  const [page] = await openTab(browser, server.url, 3 * HANG_GUARD_MS);
  await page.goto(`${server.url}notebooks/${name}`);
  if (await page.locator("[data-action=run-all]").count() === 0) continue;
  await page.click("[data-action=run-all]");
  await page.waitForSelector("main[data-state=done], main[data-state=failed]");
  const changed = await page.$$eval(
    "[data-cell]:not([data-same=true])",
    (cells) => cells.map((cell) => (cell as HTMLElement).dataset.cell),
  );
  console.log(
    `${name}: ${
      changed.length === 0 ? "the same to the last digit" : `changed: cells ${changed.join(", ")}`
    }`,
  );
  if (changed.length > 0) Deno.exitCode = 1;
  await page.close();
}
