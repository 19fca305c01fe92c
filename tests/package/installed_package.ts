import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { packPackage } from "../../tools/pack_package.ts";

/** All that the pure core needs. */
const DEPENDENCIES = ["ml-matrix", "seedrandom"];

/** What the audit of a text or .npy file loads on top of that. */
const AUDIT_DEPENDENCIES = ["@zip.js/zip.js", "pako", "papaparse"];

/** What the audit of a Parquet file loads on top of that. */
export const PARQUET_DEPENDENCIES = ["@uwdata/flechette", "fzstd", "parquet-wasm"];

/** What the drawing of Figure 1 loads. */
export const FIGURE_DEPENDENCIES = [
  "@observablehq/plot",
  "@resvg/resvg-js",
  "dejavu-fonts-ttf",
  "fast-png",
  "linkedom",
];

function run(cwd: string, command: string, ...args: string[]): string {
  const { success, stdout, stderr } = new Deno.Command(command, { args, cwd }).outputSync();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert(success, `${command} ${args.join(" ")}: ${text(stderr)}`);
  return text(stdout);
}

/**
 * Packs the library, and installs the tarball into an empty folder as npm would, with the two
 * packages of the pure core, what reads files for the audit, and no other.
 *
 * @param folder The folder.
 */
export function installPackage(folder: string): void {
  const tarball = join(folder, "package.tgz");
  packPackage(tarball);
  const home = join(folder, "node_modules", "@cosine-lab", "cosine-lab");
  Deno.mkdirSync(home, { recursive: true });
  run(home, "tar", "xzf", tarball, "--strip-components", "1");
  installDependencies(folder, [...DEPENDENCIES, ...AUDIT_DEPENDENCIES]);
  Deno.writeTextFileSync(join(folder, "package.json"), '{ "type": "module" }');
}

/** Installs packages that the library depends on, as npm would. */
export function installDependencies(folder: string, names: readonly string[]): void {
  for (const name of names) {
    const link = join(folder, "node_modules", name);
    Deno.mkdirSync(dirname(link), { recursive: true });
    Deno.symlinkSync(Deno.realPathSync(join("node_modules", name)), link);
  }
}

/** Six lines that simulate, factor and print an AUC. */
export const SIX_LINES = `
import { cosineSimilarity, denoisingEmbeddings, sameClusterAuc } from "@cosine-lab/cosine-lab";
import { simulateInteractions, truncatedSVD } from "@cosine-lab/cosine-lab";
const { interactions, clusters } = simulateInteractions({ users: 2_000, items: 200 });
const svd = truncatedSVD(interactions, { rank: 20 });
const { B } = denoisingEmbeddings(svd, { lambda: 1_000 });
const auc = sameClusterAuc(cosineSimilarity(B), clusters);`;
