/**
 * Builds the site into `site/`: static pages, with relative links and nothing from elsewhere.
 *
 * Usage: `deno task site [--serve]`; with `--serve` it is served on 127.0.0.1 afterwards.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../files/temporary.ts";
import { similarityColors } from "../notebook/heatmaps.ts";
import { auditPage } from "./audit_page.ts";
import { buildLibrary } from "./build_library.ts";
import { buildNotebooks } from "./build_notebooks.ts";
import { bundleScript } from "./bundle_script.ts";
import { copyAssets } from "./copy_assets.ts";
import { homePage } from "./home_page.ts";
import { serveSite } from "./serve_site.ts";

/**
 * Builds the site, in a temporary folder that takes the place of the old one once it is complete.
 *
 * @param to The folder to build it into; what was in it is removed.
 */
export function buildSite(to: string): void {
  using temporary = temporaryFolder({ folder: dirname(resolve(to)), prefix: ".site-" });
  const [built, old] = ["new", "old"].map((name) => join(temporary.path, name));
  Deno.mkdirSync(built);
  buildPages(built);
  if (existsSync(to)) Deno.renameSync(to, old);
  Deno.renameSync(built, to);
}

function buildPages(to: string): void {
  copyAssets(to);
  Deno.copyFileSync("notebooks/figure1.png", join(to, "assets", "figure1.png"));
  for (const script of ["live/live_map", "live/live_worker", "audit/audit_page_script"]) {
    bundleScript(sourceOf(script), join(to, "assets", `${basename(script)}.js`));
  }
  Deno.writeTextFileSync(join(to, "index.html"), homePage(similarityColors()));
  buildAudit(to);
  buildNotebooks("notebooks", to);
  buildLibrary(to);
}

/** The worker's source is a part of its page, whose policy then holds for it. */
function buildAudit(to: string): void {
  const bundled = join(to, "audit", "worker.js");
  Deno.mkdirSync(join(to, "audit"));
  bundleScript(sourceOf("audit/audit_worker"), bundled);
  Deno.writeTextFileSync(
    join(to, "audit", "index.html"),
    auditPage(Deno.readTextFileSync(bundled)),
  );
  Deno.removeSync(bundled);
}

const sourceOf = (script: string) => fileURLToPath(new URL(`./${script}.ts`, import.meta.url));

if (import.meta.main) {
  buildSite("site");
  if (Deno.args.includes("--serve")) console.log(`Serving ${serveSite("site").url}`);
  else console.log("Built into site/");
}
