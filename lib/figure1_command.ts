/**
 * The command that computes and draws Figure 1 of the paper: `deno task figure1`, and `cosine-lab figure1`
 * of the npm package.
 *
 * @module
 */
import { InputError } from "./errors.ts";
import { commandLine, runProgram } from "./io/program.ts";
import { resolve } from "node:path";
import process from "node:process";
import { assertWritable, writeFiles } from "./audit/output.ts";
import { truncatedSVD } from "./linalg/svd.ts";
import { figure1 } from "./notebook/heatmaps.ts";
import { plainText } from "./notebook/figure.ts";
import { rasterize } from "./notebook/rasterize.ts";
import { cosineSimilarity } from "./similarity/cosine_similarity.ts";
import { sameClusterAuc } from "./similarity/same_cluster_auc.ts";
import { simulateInteractions } from "./simulator/simulate_interactions.ts";
import { modelingChoices } from "./solvers/closed_forms.ts";

const USAGE = `Usage: deno task figure1 [FILE.png], or cosine-lab figure1 [FILE.png]

Computes Figure 1 at the paper's size, prints how well its five similarities recover the clusters,
and draws it into FILE.png; where none is named, into figure1.png, for the task in the project's folder.

  --help  show this

Exit code: 0 when all is well, 2 when the command line is wrong or the file cannot be written.`;

/**
 * Runs the command: computes Figure 1, prints its AUCs, and draws it.
 *
 * @param args The command line: the file to draw into, if any.
 * @returns The exit code.
 *
 * @example
 * ```ts
 * import { drawFigure1 } from "./figure1_command.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(await drawFigure1(["figure1.jpg"]), 2);
 * ```
 */
export async function drawFigure1(args: string[]): Promise<number> {
  return await runProgram("figure1", () => draw(args));
}

function draw(args: string[]): number {
  const { help, path } = parsed(args);
  if (help) {
    console.log(USAGE);
    return 0;
  }
  assertWritable([path], { force: true });
  const { interactions, clusters } = simulateInteractions();
  const choices = modelingChoices(truncatedSVD(interactions, { rank: 50 }));
  const models = Object.values(choices);
  const similarities = models.map(({ embeddings }) => cosineSimilarity(embeddings.B));
  const lines = models.map(({ name }, i) => {
    const auc = sameClusterAuc(similarities[i], clusters);
    return `  ${plainText(name).padEnd(26)}${auc.toFixed(3)}\n`;
  });
  console.log(`Figure 1: 20,000 users and 1,000 items, simulated in five clusters

  ${"similarity".padEnd(26)}AUC
${lines.join("")}
The first four are one and the same model. AUC is how often a pair within a cluster is more similar
than a pair between clusters.
`);
  // The picture is a row as in the paper: the analogue of Eq. 2 among the D is printed, not drawn.
  const drawn = [
    { name: "D = dMat^{½}", similarity: similarities[models.indexOf(choices.root)] },
    { name: "D = I", similarity: similarities[models.indexOf(choices.identity)] },
    { name: "D = dMat^{−½}", similarity: similarities[models.indexOf(choices.inverse)] },
    { name: "Eq. 2", similarity: similarities[models.indexOf(choices.weightDecay)] },
  ];
  const { svg } = figure1(drawn, drawn.map(({ similarity }) => similarity), clusters);
  const content = rasterize(svg, 2);
  writeFiles([{ path, content }], { force: true });
  console.log(`Picture: ${path}`);
  return 0;
}

/** What the command line asks for. */
function parsed(args: string[]): { help: boolean; path: string } {
  const { values: { help }, positionals: files } = commandLine(args, {}, Infinity);
  if (files.length > 1) throw new InputError(`one file is written, and ${files.length} are named`);
  if (files.length === 0) return { help, path: resolve("figure1.png") };
  if (!/\.png$/i.test(files[0])) {
    throw new InputError(`the name of the picture must end with .png, it is ${files[0]}`);
  }
  // A task runs in the project's folder, wherever it was typed.
  return { help, path: resolve(process.env.INIT_CWD ?? "", files[0]) };
}

if (import.meta.main) process.exitCode = await drawFigure1(process.argv.slice(2));
