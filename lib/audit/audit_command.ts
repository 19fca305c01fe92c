import { basename } from "node:path";
import { progressBar } from "../notebook/progress_bar.ts";
import { auditEmbeddings } from "./audit_embeddings.ts";
import { auditSummary } from "./audit_summary.ts";
import { auditHtml } from "./html_report.ts";
import { type AuditArguments, parseAuditArguments } from "./parse_audit_arguments.ts";
import { printable } from "./printable.ts";
import { openEmbeddings } from "./reading/open_embeddings.ts";
import { sideColumns, type SideNames } from "./reading/side_columns.ts";
import { labelNumbers, numericValues } from "./side_values.ts";
import { assertWritable, writeFiles } from "./write_files.ts";

const USAGE = `Usage: deno task audit FILE [options]

Finds out what cosines of embeddings can be trusted for. FILE has a row for each item: .npy, .npz,
.safetensors, .parquet, .arrow or .feather, .csv or .tsv (a column per coordinate, or one of
vectors), .json, .jsonl, word vectors (.vec, .txt, .bin) or .fvecs.

  --trained HOW      how the model was trained: product (on dot products, without weight decay on
                     each side: dropout, denoising, Eq. 1), factors (with weight decay on users and
                     items, Eq. 2), cosine, or unknown (the default)
  --users FILE       the users' embeddings, of the same dimensions
  --labels WHERE     what the items are known to be
  --popularity WHERE how popular each item is
  --ids WHERE        what to call each item
  --vectors NAME     which array, tensor, column or field, where FILE has several
  --memory MB        how many megabytes reading may take (1000)
  --html FILE        write a report that needs no network
  --json FILE        write all numbers; - prints them instead of the summary
  --neighbors N      how many nearest neighbors to compare (10)
  --sample N         among how many random items to look for them (5000)
  --seed TEXT        the same seed gives the same report (cosine-lab)
  --help             show this

WHERE is a column of FILE, or a file with a value for each item (.npy, .json, .csv, .tsv, .txt), or
with ids and values. Columns named id, item or item_id, label or cluster, and popularity are found without being asked for.

Exit code: 0 when the audit was made, whatever it says; 2 when the input cannot be used.`;

/**
 * Audits a file: `audit FILE`.
 *
 * @param args The command line.
 * @returns The exit code.
 */
export async function auditCommand(args: string[]): Promise<number> {
  const parsed = parseAuditArguments(args);
  if (parsed.help) console.log(USAGE);
  else await run(parsed);
  return 0;
}

async function run(parsed: AuditArguments): Promise<void> {
  const { file, users, trained, html, json, sample, neighbors, seed } = parsed;
  const inputs = [file, users].filter((path) => path !== undefined);
  const outputs = [html, json].filter((path) => path !== undefined && path !== "-") as string[];
  assertWritable(outputs, { inputs });
  const names: SideNames = {
    ids: parsed.ids ?? ["id", "item", "item_id"],
    labels: parsed.labels ?? ["label", "cluster"],
    popularity: parsed.popularity ?? ["popularity"],
  };
  const embeddings = await openEmbeddings(file, {
    columns: Object.values(names).flat(),
    vectors: parsed.vectors,
    memory: parsed.memory,
  });
  for (const note of embeddings.notes) console.error(`audit: ${printable(note)}`);
  const { ids, labels, popularity } = sideColumns(names, embeddings);
  const bar = progressBar("Auditing");
  const report = auditEmbeddings(embeddings.rows, {
    trained,
    sample,
    neighbors,
    seed,
    ids,
    users: users === undefined
      ? undefined
      : (await openEmbeddings(users, { memory: parsed.memory })).rows,
    labels: labels && labelNumbers(labels),
    popularity: popularity && numericValues("popularity", popularity),
    onProgress: bar,
  });
  bar.finish();
  const numbers = JSON.stringify(report, null, 2);
  const files = [
    ...(html === undefined ? [] : [{ path: html, content: auditHtml(report, basename(file)) }]),
    ...(json === undefined || json === "-" ? [] : [{ path: json, content: `${numbers}\n` }]),
  ];
  writeFiles(files, { inputs });
  console.log(json === "-" ? numbers : auditSummary(report));
  if (json !== "-") { for (const { path } of files) console.log(`\nWritten: ${path}`); }
}
