import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { launchChromium, skipsBrowser } from "../browser/chromium.ts";
import { serveSite } from "../../tools/site/serve_site.ts";
import { folder } from "./built_site.ts";
import { assertSound, openTab } from "./tab.ts";

Deno.test({
  name: "site: the audit page",
  ignore: skipsBrowser(),
  async fn(t) {
    await using server = serveSite(folder, 0);
    const browser = await launchChromium();
    try {
      await t.step(
        "it reads files of many kinds, one hostile, and nothing leaves the page",
        async () => {
          const [page, wrong] = await openTab(browser, server.url);
          await page.goto(`${server.url}audit/index.html`);
          const hostile = `<img src=x onerror="document.title='owned'">`;
          const vectors = Array.from(
            { length: 400 },
            (_, i) => [i % 4 + Math.sin(i), Math.cos(i * i), Math.sin(3 * i), 9 * Math.cos(7 * i)],
          );
          const rows = (scale: number) =>
            vectors.map((row, i) => `w${i} ${row.map((x) => (x * scale).toFixed(5)).join(" ")}`);
          const file = (name: string, lines: string[]) => ({
            name,
            mimeType: "text/plain",
            buffer: Buffer.from(lines.join("\n") + "\n"),
          });
          const run = async () => {
            await page.click("button[type=submit]");
            await page.waitForFunction(() =>
              document.querySelector("progress")!.hidden &&
              !/^(Reading|Auditing|Comparing|Choosing)/.test(
                document.querySelector("[role=status]")!.textContent!,
              )
            );
            return await page.textContent("[role=status]");
          };
          // The page has said that it is done before its frame has loaded the report. Attached and
          // not visible: a browser does not lay out the frame of a tab that stands behind another.
          const reportSays = (what: RegExp) =>
            page.frameLocator("iframe").locator("body").filter({ hasText: what })
              .waitFor({ state: "attached" });
          await page.setInputFiles("#file", file("words.vec", rows(1)));
          await page.setInputFiles(
            "#labels",
            file("l.txt", vectors.map((_, i) => `${hostile}${i % 4}`)),
          );
          assert.match((await run())!, /Nothing has left this page/);
          await reportSays(/400 items x 4 dimensions/);
          const saved = await page.$$eval(
            ".save a",
            (links) => links.map((link) => (link as HTMLAnchorElement).download),
          );
          assert.deepEqual(saved.slice(0, 2), ["report.html", "report.json"]);
          assert.notEqual(await page.title(), "owned");
          // The same vectors, twice as long: another run that agrees.
          await page.setInputFiles("#labels", []);
          await page.setInputFiles("#run", file("run2.vec", rows(2)));
          await run();
          await reportSays(/cosines agree/i);
          const map = await page.$$eval(
            ".save a",
            (links) => links.map((link) => (link as HTMLAnchorElement).download),
          );
          assert.deepEqual(map, ["report.html", "report.json", "map.json"]);
          await page.setInputFiles("#run", []);
          // Pairs of items choose a correction; with queries they say what each should find.
          const pairs = vectors.map((_, i) => `w${i}\tw${(i + 4) % 400}`);
          await page.setInputFiles("#pairs", file("pairs.tsv", pairs));
          await run();
          assert.match((await page.textContent(".correction pre"))!, /NDCG at 10 by pairs/);
          await page.setInputFiles("#queries", file("words.vec", rows(1)));
          await run();
          await reportSays(/queries/i);
          assert.deepEqual(await page.locator(".taken dt").allTextContents(), [
            "words.vec",
            "queries: words.vec",
          ]);
          for (const field of ["#pairs", "#queries"]) await page.setInputFiles(field, []);
          // Nothing of Parquet's reader is loaded before such a file comes, and then from beside.
          let loads = 0;
          await page.context().route("**/parquet_wasm.js", (route) => {
            loads++;
            return route.continue();
          });
          assert.match((await run())!, /Nothing has left this page/);
          assert.equal(loads, 0);
          const parquet = Buffer.from(Deno.readFileSync("data/word_glove.parquet"));
          const mimeType = "application/octet-stream";
          await page.setInputFiles("#file", { name: "glove.parquet", mimeType, buffer: parquet });
          assert.match((await run())!, /Nothing has left this page/);
          assert.match((await page.textContent(".taken dd"))!, /coordinates: d0 to d99 \(100\)/);
          assert.equal(loads, 1);
          // The limit of memory is one: what would take more is refused, and says which option.
          await page.click(".reading summary");
          await page.fill("#memory", "1");
          assert.match((await run())!, /the limit \(memory\) is 1 MB/);
          await page.fill("#memory", "1000");
          await page.setInputFiles("#file", file("broken.npy", ["\u0093NUMPY"]));
          assert.match((await run())!, /broken\.npy/);
          assert.deepEqual(wrong, []);
        },
      );
      await t.step("the samples are a click away, and each shows what it stands for", async () => {
        const [page, wrong] = await openTab(browser, server.url);
        await page.goto(`${server.url}audit/index.html`);
        for (
          const [key, shown] of [
            ["sentences", /share a direction/],
            ["two_models", /looks like two models in one/],
            ["words", /moving all vectors by their mean/],
          ] as const
        ) {
          await page.click(`[data-sample=${key}]`);
          await page.waitForSelector(".result:not([hidden])");
          await page.frameLocator("iframe").locator("body").filter({ hasText: shown })
            .waitFor({ state: "attached" });
          // No correction mends a file of two models; the others without labels have no evidence for one.
          assert.equal(await page.locator(".correction").isVisible(), key === "sentences");
          await assertSound(page, `audit of ${key}`);
        }
        assert.deepEqual(wrong, []);
      });
    } finally {
      await browser.close();
    }
  },
});
