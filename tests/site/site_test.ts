import { sameClusterAuc } from "cosine-lab";
import assert from "node:assert/strict";
import { dirname, join, relative } from "node:path";
import type { Page } from "playwright-core";
import { buildNotebooks } from "../../tools/site/build_notebooks.ts";
import { LiveModel } from "../../tools/site/live/live_model.ts";
import {
  PAPER,
  readSettings,
  type Settings,
  writeSettings,
} from "../../tools/site/live/settings.ts";
import { renderMarkdown } from "../../tools/site/render_markdown.ts";
import { LOCAL_COMMAND } from "../../tools/site/run/page_module_names.ts";
import { serveSite } from "../../tools/site/serve_site.ts";
import { launchChromium, skipsBrowser } from "../browser/chromium.ts";
import { folder } from "./built_site.ts";
import { assertSound, openTab } from "./tab.ts";

function filesBelow(path: string): string[] {
  return [...Deno.readDirSync(path)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(join(path, name)) : [join(path, name)]
  );
}

/** The pages of the site. */
const pages = filesBelow(folder).filter((path) => path.endsWith(".html"))
  .map((path) => relative(folder, path)).sort();

Deno.test("site: every internal link of every page leads to a file, and to an anchor that is there", () => {
  assert(pages.length >= 10);
  for (const page of pages) {
    const html = Deno.readTextFileSync(join(folder, page));
    for (const [, tag, target] of html.matchAll(/<(\w+)[^>]*? (?:href|src)="([^"]*)"/g)) {
      if (target.startsWith("data:")) continue;
      // A reader may follow a link to elsewhere; the page itself takes nothing from there.
      if (tag === "a" && target.startsWith("https://")) continue;
      assert.doesNotMatch(target, /^(https?:)?\/\//, `${page} takes something from ${target}`);
      const [path, anchor] = target.replaceAll("&amp;", "&").split("#");
      const file = path === "" ? join(folder, page) : join(folder, dirname(page), path);
      assert(Deno.statSync(file).isFile, `${page}: ${target}`);
      // What is no anchor of the first page sets its live map.
      if (anchor?.includes("=")) {
        assert.equal(writeSettings(readSettings(anchor)), anchor, `${page}: ${target}`);
        assert.equal(file, join(folder, "index.html"));
      } else if (anchor) {
        assert(
          Deno.readTextFileSync(file).includes(`id="${decodeURIComponent(anchor)}"`),
          `${page}: ${target}`,
        );
      }
    }
  }
});

Deno.test("site: the first page is less than 400 KB, with its scripts, styles and pictures", () => {
  const html = Deno.readTextFileSync(join(folder, "index.html"));
  const loaded = new Set(
    [...html.matchAll(/<(?:link|script|img)[^>]*? (?:href|src)="([^"]*)"/g)].map(([, path]) =>
      path
    ),
  );
  for (const each of ["assets/live_worker.js", "assets/panels/inverse.png", "assets/site.css"]) {
    assert(loaded.has(each), each);
  }
  const sizes = ["index.html", ...loaded].map((path) => Deno.statSync(join(folder, path)).size);
  assert(sizes.reduce((sum, size) => sum + size) < 400_000, String(sizes));
});

Deno.test("site: no script asks for what a browser does not have", () => {
  const scripts = filesBelow(folder).filter((path) => path.endsWith(".js"));
  assert(scripts.length >= 5);
  for (const path of scripts) {
    assert.doesNotMatch(Deno.readTextFileSync(path), /\b(from|import)\s*\(?"(node|npm):/, path);
  }
});

Deno.test("site: every export of every entry point is documented, and can be linked to", () => {
  const { exports } = JSON.parse(Deno.readTextFileSync("deno.json"));
  for (const [subPath, path] of Object.entries<string>(exports)) {
    if (!path.endsWith("/mod.ts")) continue;
    const { stdout } = new Deno.Command(Deno.execPath(), { args: ["doc", "--json", path] })
      .outputSync();
    const { nodes } = JSON.parse(new TextDecoder().decode(stdout));
    const [{ symbols }] = Object.values(nodes) as [{ symbols: { name: string }[] }];
    const name = subPath === "." ? "core" : subPath.slice(2);
    const html = Deno.readTextFileSync(join(folder, "library", name, "index.html"));
    const ids = [...html.matchAll(/<section class="prose symbol" id="(\w+)">/g)].map(([, id]) =>
      id
    );
    assert.deepEqual(ids.sort(), symbols.map(({ name }) => name).sort(), name);
    assert.equal(html.match(/<pre/g)!.length >= ids.length, true);
  }
});

Deno.test("site: it has a summary for language models, with every entry point of the library", () => {
  const text = Deno.readTextFileSync(join(folder, "llms.txt"));
  for (const name of ["core", "remedies", "audit"]) {
    assert.match(text, new RegExp(`library/${name}/`));
  }
});

Deno.test("site: each notebook in the list says in words what it finds", () => {
  const list = Deno.readTextFileSync(join(folder, "notebooks", "index.html"));
  const found = [...list.matchAll(/<h2><a href="\d\d_[^>]*>.*?<\/h2><p>([\s\S]*?)<\/p><\/li>/g)];
  assert.equal(found.length, pages.filter((path) => /^notebooks\/\d/.test(path)).length);
  for (const [, summary] of found) {
    assert.match(summary, /^(<strong>)?[A-Z][a-z]/);
    assert.match(summary, /<strong>/);
  }
});

/** Waits until the live map has computed all that was asked for. */
const settled = (page: Page) => page.waitForSelector(".map[data-state=settled]");

const aucOf = async (page: Page, name: string) =>
  Number(await page.getAttribute(`[data-panel=${name}]`, "data-auc"));

Deno.test({
  name: "site: pages",
  ignore: skipsBrowser(),
  async fn(t) {
    await using server = serveSite(folder, 0);
    const browser = await launchChromium();
    try {
      await t.step(
        "every page: no error, no request, no scroll, no serious violation",
        async () => {
          // One tab for all: each new one is a process that starts anew.
          const [page, wrong] = await openTab(browser, server.url);
          for (const path of pages) {
            await page.goto(server.url + path);
            await assertSound(page, path);
            assert.deepEqual(wrong, [], path);
          }
          await page.close();
        },
      );
      await t.step("the live map is what the library computes, for three settings", async () => {
        const model = new LiveModel(PAPER.seed);
        const [page, wrong] = await openTab(browser, server.url);
        await page.goto(server.url);
        const check = async (settings: Settings) => {
          await settled(page);
          for (const name of ["whitened", "identity", "inverse", "weightDecay", "yours"] as const) {
            const expected = sameClusterAuc(model.similarity(name, settings), model.clusters);
            const shown = await aucOf(page, name);
            assert(Math.abs(shown - expected) < 1e-12, `${name}: ${shown}, not ${expected}`);
          }
        };
        await check(PAPER);
        const loss = await page.textContent("[data-fact=loss]");
        await page.getByRole("button", { name: "Original space" }).click();
        await check({ ...PAPER, a: 1, b: 1 });
        assert.equal(await page.textContent("[data-fact=loss]"), loss);
        assert.match((await page.textContent("[data-fact=difference]"))!, /less than 10⁻¹²/);
        // From the keyboard: k from 50 to 47.
        await page.focus("#rank");
        for (let press = 0; press < 3; press++) await page.keyboard.press("ArrowLeft");
        await check({ ...PAPER, a: 1, b: 1, rank: 47 });
        assert.deepEqual(readSettings(new URL(page.url()).hash.slice(1)), {
          ...PAPER,
          ...{ a: 1, b: 1, rank: 47 },
        });
        assert.deepEqual(wrong, []);
        await page.close();
      });
      await t.step(
        "a figure of a notebook leads to the live map, set as the figure is",
        async () => {
          const model = new LiveModel(PAPER.seed);
          const [page, wrong] = await openTab(browser, server.url);
          await page.goto(`${server.url}notebooks/03_low_rank_experiment.html`);
          await page.locator(".presets").getByRole("link", { name: "λ = 40" }).click();
          await settled(page);
          const settings = { ...PAPER, weightDecay: 40 };
          const expected = model.scores(model.similarity("weightDecay", settings)).auc;
          assert.equal(await aucOf(page, "weightDecay"), expected);
          assert.equal(await page.textContent("output[for=weightDecay]"), "40");
          await page.getByRole("button", { name: "Back to Figure 1" }).click();
          await settled(page);
          assert.equal(new URL(page.url()).hash, "");
          assert.deepEqual(wrong, []);
          await page.close();
        },
      );
      await t.step(
        "the first page computes what it was built with, and says if it does not",
        async () => {
          const [page, wrong] = await openTab(browser, server.url);
          await page.goto(server.url);
          await settled(page);
          assert.equal(await page.getAttribute(".map", "data-same"), "true");
          await page.route(server.url, async (route) => {
            const html = await (await route.fetch()).text();
            const body = html.replace(/(data-built="0\.\d*)\d/, (_, most) => `${most}${"x"}`);
            await route.fulfill({ body, contentType: "text/html" });
          });
          await page.reload();
          await page.waitForSelector(".map[data-same=false]");
          assert.match(
            (await page.textContent(".stage"))!,
            /not those that the site was built with/,
          );
          assert.deepEqual(wrong, []);
          await page.close();
        },
      );
    } finally {
      await browser.close();
    }
  },
});

const { version, tasks } = JSON.parse(Deno.readTextFileSync("deno.json"));

Deno.test("publishing: the workflow and Binder run commands that there are, with the Deno of the README", () => {
  const workflow = Deno.readTextFileSync(".github/workflows/site.yml");
  const binder = Deno.readTextFileSync("binder/postBuild");
  const [, pinned] = /npx -y deno@([\d.]+) task test/.exec(Deno.readTextFileSync("README.md"))!;
  for (const text of [workflow, binder]) assert.match(text, new RegExp(`deno@${pinned}\\b`));
  for (const [, task] of workflow.matchAll(/deno@\S+ task (\w+)/g)) assert(task in tasks, task);
  assert((Deno.statSync("binder/postBuild").mode! & 0o111) > 0);
});

Deno.test("publishing: the version is the same wherever it stands", () => {
  assert.match(Deno.readTextFileSync("CITATION.cff"), new RegExp(`^version: ${version}$`, "m"));
  assert.match(Deno.readTextFileSync("CHANGELOG.md"), new RegExp(`^## ${version}$`, "m"));
});

Deno.test("publishing: pages lead to Binder where it is known what Binder has to run", async () => {
  const to = Deno.makeTempDirSync();
  try {
    await buildNotebooks("notebooks", to, "some/where");
    const page = "notebooks/03_low_rank_experiment.html";
    const [known, unknown] = [to, folder].map((at) => Deno.readTextFileSync(join(at, page)));
    assert.match(
      known,
      /href="https:\/\/mybinder\.org\/v2\/gh\/some\/where\/HEAD\?labpath=notebooks%2F03_/,
    );
    assert(!unknown.includes("mybinder.org"));
  } finally {
    Deno.removeSync(to, { recursive: true });
  }
});

Deno.test("publishing: the site is a static Space as well", () => {
  const [, metadata] = /^---\n([\s\S]*?)\n---\n/.exec(
    Deno.readTextFileSync(join(folder, "README.md")),
  )!;
  assert.match(metadata, /^sdk: static$/m);
  const [, file] = /^app_file: (.*)$/m.exec(metadata)!;
  assert(Deno.statSync(join(folder, file)).isFile);
  assert.match(metadata, /^license: mit$/m);
});

Deno.test("publishing: pages name the command with the Deno of the README", () => {
  assert(Deno.readTextFileSync("README.md").includes(LOCAL_COMMAND.replace(/ task .*/, "")));
});

Deno.test("renderMarkdown: a formula that is wrong, or has a character LaTeX does not know, is an error", () => {
  assert.match(renderMarkdown("$a = \\tfrac12$").html, /katex/);
  assert.throws(() => renderMarkdown("$a = ½$"), /½/);
  assert.throws(() => renderMarkdown("$\\frac{1$"), /Unexpected end/);
});
