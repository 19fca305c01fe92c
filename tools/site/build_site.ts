/**
 * Builds the site into `site/`: static pages, with relative links and nothing from elsewhere.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../../lib/io/files.ts";
import { InputError } from "../../lib/errors.ts";
import { commandLine, runProgram } from "../../lib/io/program.ts";
import { encode, type IndexedColors } from "fast-png";
import { similarityColors } from "../../lib/notebook/heatmaps.ts";
import { bytesModule, sampleTexts } from "./audit/samples.ts";
import { auditPage } from "./audit/audit_page.ts";
import { buildLibrary } from "./build_library.ts";
import { buildNotebooks, buildTableOfLibraries, takeawaysOf } from "./build_notebooks.ts";
import { type BuiltPanel, homePage } from "./home_page.ts";
import { LiveModel } from "./live/live_model.ts";
import { panelPalette, panelPixels } from "./live/panel_pixels.ts";
import { PANELS, PAPER } from "./live/settings.ts";
import { serveSite } from "./serve_site.ts";

const USAGE = `Usage: deno task site [--serve [--port PORT]] [--repository OWNER/NAME]

Builds the site into site/.

  --serve                  serve it on 127.0.0.1 afterwards
  --port PORT              where (8000)
  --repository OWNER/NAME  where the project is on GitHub: pages then link to Binder, which runs it
  --help                   show this`;

/**
 * Builds the site, in a temporary folder that takes the place of the old one once it is complete.
 *
 * @param to The folder to build it into; what was in it is removed.
 * @param repository Where the project is on GitHub, such as "owner/name"; Binder is left out unless given.
 */
export async function buildSite(to: string, repository?: string): Promise<void> {
  using temporary = temporaryFolder({ folder: dirname(resolve(to)), prefix: ".site-" });
  const [built, old] = ["new", "old"].map((name) => join(temporary.path, name));
  Deno.mkdirSync(built);
  await buildPages(built, repository);
  if (existsSync(to)) Deno.renameSync(to, old);
  Deno.renameSync(built, to);
}

/** What pages load, and from where it is bundled. */
const SCRIPTS = [
  "live/live_map",
  "live/live_worker",
  "audit/audit_page_script",
  "run/notebook_page_script",
  "run/cell_worker",
];

async function buildPages(to: string, repository?: string): Promise<void> {
  copyAssets(to);
  for (const script of SCRIPTS) {
    bundleScript(sourceOf(script), join(to, "assets", `${basename(script)}.js`));
  }
  const takeaways = takeawaysOf("notebooks/00_ten_minutes.ipynb", "Three things to take away");
  const colors = similarityColors();
  const model = new LiveModel(PAPER.seed);
  Deno.writeTextFileSync(
    join(to, "index.html"),
    homePage(colors, builtPanels(model, colors, to), randomPrecision(model.clusters), takeaways),
  );
  Deno.writeTextFileSync(join(to, "README.md"), SPACE);
  await buildAudit(to);
  await buildNotebooks("notebooks", to, repository);
  buildTableOfLibraries("docs/libraries.md", to);
  buildLibrary(to);
}

/** What the first page shows until it has computed the same itself. */
function builtPanels(
  model: LiveModel,
  colors: readonly number[][],
  to: string,
): BuiltPanel[] {
  Deno.mkdirSync(join(to, "assets", "panels"));
  const palette = panelPalette(colors) as IndexedColors;
  // Your D starts as D = I, whose picture is there already.
  const pictures = new Map<string, string>();
  return PANELS.map((name) => {
    const similarity = model.similarity(name, PAPER);
    const { pixels, side } = panelPixels(similarity, model.clusters, colors.length);
    const content = pixels.join();
    const address = pictures.get(content) ?? `assets/panels/${name}.png`;
    if (!pictures.has(content)) {
      const png = encode(
        { width: side, height: side, data: pixels, channels: 1, depth: 8, palette },
        { zlib: { level: 9 } },
      );
      Deno.writeFileSync(join(to, address), png);
      pictures.set(content, address);
    }
    return { name, address, side, scores: model.scores(similarity) };
  });
}

/** The share of random neighbors that are of the item's own cluster. */
function randomPrecision(clusters: Uint8Array): number {
  const others = clusters.length - 1;
  const own = (cluster: number) => clusters.filter((each) => each === cluster).length - 1;
  return clusters.reduce((sum, cluster) => sum + own(cluster) / others, 0) / clusters.length;
}

/** What a static Space on Hugging Face reads of a folder; elsewhere nobody looks at it. */
const SPACE = `---
title: Is cosine similarity really about similarity?
emoji: 📐
colorFrom: blue
colorTo: red
sdk: static
app_file: index.html
license: mit
tags:
  - arxiv:2403.05440
---

The paper of Steck, Ekanadham and Kallus ([arXiv:2403.05440](https://arxiv.org/abs/2403.05440)), live:
Figure 1 under any D, notebooks that run in their pages, and an audit of embeddings without an upload.
Built by \`deno task site\` of cosine-lab.
`;

/**
 * The worker's source is a part of its page, whose policy then holds for it. What it may need, it
 * imports: the reader of Parquet, and files to try.
 */
async function buildAudit(to: string): Promise<void> {
  const bundled = join(to, "audit", "worker.js");
  Deno.mkdirSync(join(to, "audit"));
  bundleScript(sourceOf("audit/audit_worker"), bundled);
  Deno.writeTextFileSync(
    join(to, "audit", "index.html"),
    auditPage(Deno.readTextFileSync(bundled)),
  );
  Deno.removeSync(bundled);
  const wasm = new URL(import.meta.resolve("parquet-wasm/esm/parquet_wasm_bg.wasm"));
  const modules = { "parquet_wasm": Deno.readFileSync(wasm) } as Record<string, Uint8Array>;
  for (const [key, text] of Object.entries(await sampleTexts())) {
    modules[`samples/${key}`] = new TextEncoder().encode(text);
  }
  Deno.mkdirSync(join(to, "audit", "samples"));
  for (const [name, bytes] of Object.entries(modules)) {
    Deno.writeTextFileSync(join(to, "audit", `${name}.js`), bytesModule(bytes));
  }
}

const sourceOf = (script: string) => fileURLToPath(new URL(`./${script}.ts`, import.meta.url));

async function site(args: string[]): Promise<number> {
  const { values: { help, serve, port, repository } } = commandLine(args, {
    serve: { type: "boolean" },
    port: { type: "string" },
    repository: { type: "string" },
  });
  if (help) {
    console.log(USAGE);
    return 0;
  }
  if (port !== undefined && !serve) throw new InputError("--port must come with --serve");
  if (!/^\d{1,5}$/.test(port ?? "8000") || Number(port) > 65535) {
    throw new InputError(`--port must be between 0 and 65535, current value is "${port}"`);
  }
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository ?? "owner/name")) {
    throw new InputError(
      `--repository must be the owner and the name, such as "owner/name", current value is "${repository}"`,
    );
  }
  await buildSite("site", repository);
  console.log(
    serve ? `Serving ${serveSite("site", Number(port ?? 8000)).url}` : "Built into site/",
  );
  return 0;
}

const ASSETS = fileURLToPath(new URL("./assets/", import.meta.url));
const KATEX = fileURLToPath(new URL(".", import.meta.resolve("katex/dist/katex.min.css")));

/**
 * Copies the style sheet, the icon, and what formulas need, into `assets/` of the site.
 *
 * @param to The folder of the site.
 */
function copyAssets(to: string): void {
  const folder = join(to, "assets");
  Deno.mkdirSync(join(folder, "katex", "fonts"), { recursive: true });
  for (const { name } of Deno.readDirSync(ASSETS)) {
    Deno.copyFileSync(join(ASSETS, name), join(folder, name));
  }
  Deno.copyFileSync(join(KATEX, "katex.min.css"), join(folder, "katex", "katex.min.css"));
  for (const { name } of Deno.readDirSync(join(KATEX, "fonts"))) {
    if (!name.endsWith(".woff2")) continue;
    Deno.copyFileSync(join(KATEX, "fonts", name), join(folder, "katex", "fonts", name));
  }
}

/**
 * Bundles a module and all that it imports into one file for browsers.
 *
 * @param source The path of the module.
 * @param target Where to write it.
 * @throws {InputError} If it cannot be bundled.
 */
function bundleScript(source: string, target: string): void {
  const { success, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform", "browser", "--minify", "--output", target, source],
  }).outputSync();
  if (success) return;
  throw new InputError(`Cannot bundle ${source}: ${new TextDecoder().decode(stderr).trim()}`);
}

if (import.meta.main) Deno.exitCode = await runProgram("site", () => site(Deno.args));
