/**
 * Makes `sentence_vectors.parquet`: the documents of npm's @sap-ux/fiori-docs-embeddings 1.2.6, with the
 * vectors that the package ships, by the encoder all-MiniLM-L6-v2:
 *
 *     deno run -A --no-lock data/make_sentence_vectors.ts [FOLDER]
 */
// The package is needed for this alone.
// deno-lint-ignore no-import-prefix
import { getEmbeddingsPath } from "npm:@sap-ux/fiori-docs-embeddings@1.2.6";
import { writeVectors } from "./write_parquet.ts";

const [folder = new URL(".", import.meta.url).pathname] = Deno.args;
const file = (name: string) => `${getEmbeddingsPath()}/${name}`;
const { dimensions } = JSON.parse(Deno.readTextFileSync(file("metadata.json")));
const records = Deno.readTextFileSync(file("records.jsonl")).trim().split("\n")
  .map((line): { title: string; category: string } => JSON.parse(line));
const { buffer } = Deno.readFileSync(file("embeddings.bin"));
const entries = new Float32Array(buffer, 0, records.length * dimensions);
await writeVectors(`${folder}/sentence_vectors.parquet`, {
  labels: {
    title: records.map(({ title }) => title),
    category: records.map(({ category }) => category),
  },
  vectors: records.map((_, i) =>
    Array.from(entries.subarray(i * dimensions, (i + 1) * dimensions))
  ),
});
console.log(`${records.length} vectors of ${dimensions} dimensions`);
