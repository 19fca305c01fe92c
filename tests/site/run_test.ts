import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { codeCells, readNotebook } from "../../tools/notebooks/notebook_file.ts";
import { heatmaps } from "cosine-lab/notebook";
import { Matrix } from "ml-matrix";
import { buildNotebooks } from "../../tools/site/build_notebooks.ts";
import { fingerprint } from "../../tools/site/run/fingerprint.ts";
import { serveSite } from "../../tools/site/serve_site.ts";
import { launchChromium, skipsBrowser } from "../browser/chromium.ts";
import { folder } from "./built_site.ts";
import { assertSound, openTab } from "./tab.ts";
import type { Output } from "../../tools/notebooks/outputs.ts";

const display = (picture: unknown): Record<string, string> =>
  (picture as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]();

Deno.test("fingerprint: a PNG is the SVG it names, and one pixel of a heatmap makes another", async () => {
  const picture = (value: number) =>
    heatmaps([{ similarity: new Matrix([[1, value], [value, 1]]) }], { title: "Two items" });
  const outputs = (data: Record<string, unknown>): Output[] => [
    { output_type: "execute_result", data },
  ];
  const { svg, description } = picture(0.5);
  const drawn = await fingerprint(outputs({ "image/svg+xml": svg, "text/plain": description }));
  assert.deepEqual(await fingerprint(outputs(display(picture(0.5)))), drawn);
  assert.notDeepEqual(await fingerprint(outputs(display(picture(0.52)))), drawn);
  const unnamed = { "image/png": picture(0.5).toDataURL().replace(/^.*,/, "") };
  assert.notDeepEqual(await fingerprint(outputs({ ...unnamed, "text/plain": description })), drawn);
});

/** A notebook of some cells, with what each has printed, built into a site of its own. */
async function trial(t: string, cells: { code: string; printed?: string; value?: string }[]) {
  const notebooks = join(t, "notebooks");
  Deno.mkdirSync(notebooks, { recursive: true });
  Deno.mkdirSync(join(t, "site"));
  Deno.symlinkSync(join(folder, "assets"), join(t, "site", "assets"));
  const title = { cell_type: "markdown", id: "t", metadata: {}, source: "# Trial\n\n**It** runs." };
  const notebook = {
    cells: [
      title,
      ...cells.map(({ code, printed, value }, i) => ({
        cell_type: "code",
        id: `c${i}`,
        metadata: {},
        source: code,
        execution_count: i + 1,
        outputs: [
          ...printed ? [{ output_type: "stream", name: "stdout", text: printed }] : [],
          ...value
            ? [{ output_type: "execute_result", data: { "text/plain": value }, metadata: {} }]
            : [],
        ],
      })),
    ],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  };
  Deno.writeTextFileSync(join(notebooks, "trial.ipynb"), JSON.stringify(notebook));
  await buildNotebooks(notebooks, join(t, "site"));
}

const ended = (page: Page) =>
  page.waitForSelector("main[data-state=done], main[data-state=failed]");
const stateOf = (page: Page) => page.getAttribute("main", "data-state");
const statusOf = (page: Page) => page.textContent(".runbar [role=status]");
const sameOf = (page: Page) =>
  page.$$eval("[data-cell]", (cells) => cells.map((cell) => cell.getAttribute("data-same")));

/** A cell with its code unfolded, as a reader sees it who works on it. */
async function opened(page: Page, cell: number) {
  const section = page.locator(`[data-cell="${cell}"]`);
  if (await section.locator("details[open]").count() === 0) {
    await section.locator("summary").click();
  }
  return section;
}

/** Changes the code of a cell as a reader does. */
async function edit(page: Page, cell: number, from: string, to: string): Promise<void> {
  const editor = (await opened(page, cell)).locator("textarea");
  const code = await editor.inputValue();
  assert(code.includes(from), code);
  await editor.fill(code.replace(from, to));
}

const run = async (page: Page, cell: number) =>
  await (await opened(page, cell)).locator("[data-action=run]").click();

Deno.test({
  name: "site: notebooks run in their pages",
  ignore: skipsBrowser(),
  async fn(t) {
    const own = Deno.makeTempDirSync();
    await trial(own, [
      { code: `const two: number = 2;\nconsole.log("two is", two);`, printed: "two is 2\n" },
      { code: `const four = await Promise.resolve(two * two);\nfour`, value: "4" },
      { code: `const two = 3;` },
      { code: `two`, value: "2" },
      { code: `// Nothing.\n\nnull!.x;` },
    ]);
    await using small = serveSite(join(own, "site"), 0);
    await using server = serveSite(folder, 0);
    const browser = await launchChromium();
    try {
      await t.step("names stay, are declared again, and an error has its line", async () => {
        const [page, wrong] = await openTab(browser, small.url);
        await page.goto(`${small.url}notebooks/trial.html`);
        assert.equal(await stateOf(page), "idle");
        await page.click("[data-action=run-all]");
        await ended(page);
        assert.equal(await stateOf(page), "failed");
        assert.deepEqual(await sameOf(page), ["true", "true", "true", "false", "false"]);
        assert.match((await statusOf(page))!, /Cell 5 failed, line 3: TypeError/);
        assert.equal(await page.locator("[data-cell='5'] [data-marked]").count(), 1);
        await page.locator("[data-cell='1'] summary").click();
        await assertSound(page, "a notebook that has run");
        // The cells above have run; the last one alone runs now.
        await edit(page, 5, "null!.x", "two + four");
        await run(page, 5);
        await ended(page);
        assert.equal(await page.textContent("[data-cell='5'] .fresh"), "7");
        await edit(page, 5, "two + four", "Deno.cwd()");
        await run(page, 5);
        await page.waitForSelector("main[data-state=failed]");
        assert.match(
          (await statusOf(page))!,
          /A page has no Deno\.cwd: .*npx -y deno@\S+ task lab/,
        );
        await edit(page, 5, "Deno.cwd()", "await fetch('https://example.org')");
        await run(page, 5);
        await page.waitForFunction(() =>
          document.querySelector(".runbar [role=status]")!.textContent!.includes("connection")
        );
        assert.deepEqual(wrong, []);
        await page.close();
      });
      await t.step("the editor indents, undoes, and can be left from the keyboard", async () => {
        const [page, wrong] = await openTab(browser, small.url);
        await page.goto(`${small.url}notebooks/trial.html`);
        const cell = await opened(page, 1);
        const code = await cell.locator("textarea").inputValue();
        const is = async (expected: string) => {
          assert.equal(await cell.locator("textarea").inputValue(), expected);
          assert.equal((await cell.locator("code").textContent())!.trimEnd(), expected);
        };
        const press = async (...keys: string[]) => {
          for (const key of keys) await page.keyboard.press(key);
        };
        await cell.locator("textarea").focus();
        await press("Control+Home", "Tab", "7", ";", "Enter", "8", ";");
        await is(`  7;\n  8;${code}`);
        for (let times = 0; times < 10; times++) await press("Control+z");
        await is(code);
        await press("Control+a", "Tab");
        await is(code.replace(/^/gm, "  "));
        await press("Shift+Tab");
        await is(code);
        await press("End", "Enter", "9");
        await cell.getByRole("button", { name: "Undo" }).click();
        await is(code);
        const focused = () =>
          page.evaluate(() => (document.activeElement as HTMLElement).dataset.action);
        await cell.locator("textarea").focus();
        await press("Escape", "Tab");
        assert.equal(await focused(), "run");
        await press("Shift+Tab", "Tab", "Escape", "Shift+Tab");
        assert.equal(await page.evaluate(() => document.activeElement!.tagName), "SUMMARY");
        assert.deepEqual(wrong, []);
        await page.close();
      });
      await t.step("an endless loop does not take the page, and Stop ends it", async () => {
        const [page, wrong] = await openTab(browser, small.url);
        await page.goto(`${small.url}notebooks/trial.html`);
        await edit(page, 2, "const four", "console.log('so far');\nfor (;;);\nconst four");
        await page.click("[data-action=run-all]");
        await page.waitForSelector("[data-cell='2'][data-state=running]");
        // The page still answers.
        await page.locator("[data-cell='1'] summary").click();
        assert.equal(await page.locator("[data-cell='1'] textarea").isVisible(), true);
        await page.click("[data-action=stop]");
        assert.equal(await stateOf(page), "idle");
        assert.match((await statusOf(page))!, /Stopped/);
        await page.locator("[data-cell='2']").getByRole("button", { name: "Undo" }).click();
        await run(page, 2);
        await ended(page);
        assert.deepEqual((await sameOf(page)).slice(0, 2), ["true", "true"]);
        assert.deepEqual(wrong, []);
        await page.close();
      });
      await t.step(
        "notebook 00 shows in its page what is committed, to the last digit",
        async () => {
          const [page, wrong] = await openTab(browser, server.url);
          await page.goto(`${server.url}notebooks/00_ten_minutes.html`);
          await page.click("[data-action=run-all]");
          await ended(page);
          assert.equal(await stateOf(page), "done", (await statusOf(page))!);
          const same = await sameOf(page);
          assert(same.length > 5 && same.every((one) => one === "true"), String(same));
          assert.deepEqual(wrong, []);
          await page.close();
        },
      );
      await t.step("λ changed in notebook 03 changes Figure 1, and the page says so", async () => {
        const path = "notebooks/03_low_rank_experiment.ipynb";
        const cells = codeCells(readNotebook(path).notebook);
        const find = (text: string) => cells.find(({ code }) => code.includes(text))!.number;
        const parameter = find("lambda1 = 10_000"), figure = find("Figure 1.");
        const [page, wrong] = await openTab(browser, server.url);
        await page.goto(`${server.url}notebooks/03_low_rank_experiment.html`);
        const sameAfterRun = async () => {
          await run(page, figure);
          await ended(page);
          assert.equal(await stateOf(page), "done", (await statusOf(page))!);
          return await page.getAttribute(`[data-cell="${figure}"]`, "data-same");
        };
        assert.equal(await sameAfterRun(), "true");
        await edit(page, parameter, "lambda1 = 10_000", "lambda1 = 1_000");
        assert.equal(await sameAfterRun(), "false");
        assert.deepEqual(wrong, []);
        await page.close();
      });
    } finally {
      await browser.close();
      Deno.removeSync(own, { recursive: true });
    }
  },
});
