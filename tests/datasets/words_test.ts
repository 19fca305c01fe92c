import assert from "node:assert/strict";
import { sentenceVectors, wordNetNouns, wordVectors } from "cosine-lab/datasets";
import { withTemporaryFolder } from "../folder.ts";

const { interactions: x, nouns, synonyms, taxonomy } = wordNetNouns();
const names = x.itemIds as string[];
const column = <T>(name: string) => nouns.getColumn(name).toArray() as T[];

Deno.test("wordNetNouns() has what the extract was made by", () => {
  assert.deepEqual([x.users, x.items, x.nonzeros], [74568, 2263, 241453]);
  assert.deepEqual(column("noun"), names);
  const counts = new Uint32Array(x.items);
  for (const item of x.columnIndices) counts[item]++;
  assert.deepEqual([...counts], column("glosses"));
  assert(counts.every((count) => count >= 20));
  for (let u = 0; u < x.users; u++) assert(x.rowStarts[u + 1] - x.rowStarts[u] >= 2);
});

Deno.test("wordNetNouns() sorts by class, and knows people's judgments", () => {
  const classes = column<string>("class");
  assert.equal(new Set(classes).size, 26);
  const starts = classes.filter((name, i) => name !== classes[i - 1]);
  assert.equal(starts.length, 26);
  const of = (noun: string) => nouns.row(names.indexOf(noun)) as unknown[];
  assert.equal(of("dog")[1], "animal");
  assert.equal(of("sorrow")[1], "feeling");
  const dominance = column<number | null>("dominance");
  assert(dominance.every((share) => share === null || share >= 0 && share <= 1));
  column<number>("senses").forEach((count, i) => {
    if (count === 1) assert.equal(dominance[i], 1);
  });
  const pairs = (synonyms.rows() as number[][]).map(([a, b]) => `${names[a]} ${names[b]}`);
  assert(pairs.includes("abdomen belly"));
  assert.equal(taxonomy.nodes.length, names.length);
});

Deno.test("wordVectors() and sentenceVectors() have a row for each label", () => {
  for (const name of ["glove", "definitions"] as const) {
    const { nouns: covered, vectors } = wordVectors(name);
    assert.equal(covered.length, vectors.rows);
    assert(covered.every((noun) => names.includes(noun)));
    assert(covered.length >= names.length - 1);
  }
  const { categories, vectors } = sentenceVectors();
  assert.deepEqual([categories.length, new Set(categories).size], [778, 13]);
  // Unit vectors, but for three decimals.
  for (let i = 0; i < vectors.rows; i++) {
    const length = Math.sqrt(vectors.getRow(i).reduce((sum, entry) => sum + entry ** 2, 0));
    assert(Math.abs(length - 1) < 0.01, `${length}`);
  }
  assert.throws(() => wordVectors("elmo" as "glove"), RangeError);
});

/** A dictionary of six nouns and a verb: synset, file, lemmas, parents, and gloss. */
const SYNSETS: [
  offset: number,
  file: string,
  lemmas: string[],
  parents: number[],
  gloss: string,
][] = [
  [1, "03", ["thing"], [], 'that which is; "a thing of beauty, and the dogs\' own cats"'],
  [2, "05", ["animal", "beast"], [1], 'a thing that eats; "the beasts ate cats and dogs"'],
  [3, "05", ["dog"], [2], 'an animal that barks at cats; "dogs are animals, and like a child"'],
  [4, "05", ["cat", "house_cat"], [2], "an animal of the house that children like, no dog"],
  [5, "18", ["child"], [1], "a young animal or thing with eating cats"],
  [6, "06", ["house"], [1], "a thing for a child, a dog and children, glass"],
];

function writeDictionary(folder: string): void {
  Deno.mkdirSync(folder);
  const number = (offset: number) => String(offset).padStart(8, "0");
  const data = SYNSETS.map(([offset, file, lemmas, parents, gloss]) =>
    [
      number(offset),
      file,
      "n",
      lemmas.length.toString(16).padStart(2, "0"),
      ...lemmas.flatMap((lemma) => [lemma, "0"]),
      String(parents.length).padStart(3, "0"),
      ...parents.flatMap((parent) => ["@", number(parent), "n", "0000"]),
      "|",
      gloss,
    ].join(" ")
  );
  const lemmas = SYNSETS.flatMap(([offset, , all]) => all.map((lemma) => [lemma, offset] as const));
  const write = (name: string, lines: string[]) =>
    Deno.writeTextFileSync(`${folder}/${name}`, ["  1 a licence", ...lines, ""].join("\n"));
  write("data.noun", data);
  write("index.noun", lemmas.map(([lemma, offset]) => `${lemma} n 1 1 @ 1 0 ${number(offset)}  `));
  write(
    "index.sense",
    lemmas.map(([lemma, offset]) => `${lemma}%1:03:00:: ${number(offset)} 1 ${lemma.length}`)
      .concat("like%2:30:00:: 00000007 1 9"),
  );
  write("data.verb", ["00000007 30 v 01 like 0 000 | be fond of dogs and cats"]);
  write("index.verb", ["like v 1 0 1 0 00000007", "eat v 1 0 1 0 00000008"]);
  for (const part of ["adj", "adv"]) {
    write(`data.${part}`, []);
    write(`index.${part}`, []);
  }
}

Deno.test("data/make_words.ts keeps the words that a gloss defines out of it, and writes the same bytes", async () => {
  await withTemporaryFolder(async (folder) => {
    writeDictionary(`${folder}/dict`);
    const runs = await Promise.all([1, 2].map(async (run) => {
      Deno.mkdirSync(`${folder}/${run}`);
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--cached-only",
          "-A",
          "data/make_words.ts",
          `${folder}/dict`,
          `${folder}/${run}`,
          "1",
        ],
      }).output();
      assert(success, new TextDecoder().decode(stderr));
      return ["words", "word_glosses", "word_parents", "word_synonyms"].map((name) =>
        Deno.readFileSync(`${folder}/${run}/${name}.parquet`)
      );
    }));
    assert.deepEqual(runs[0], runs[1]);
    const { default: pl } = await import("nodejs-polars");
    const read = (name: string) => pl.readParquet(`${folder}/1/${name}.parquet`).rows();
    const glosses = new Map<number, string[]>();
    for (const [gloss, noun] of read("word_glosses") as [number, string][]) {
      glosses.set(gloss, [...glosses.get(gloss) ?? [], noun]);
    }
    // "beasts", "dogs" and, in a house cat's, "house" are dropped where they are what is defined; so is a
    // possessive, and then a gloss with one noun.
    assert.deepEqual([...glosses.values()], [
      ["cat", "dog", "thing"],
      ["animal", "cat", "child"],
      ["animal", "child", "dog"],
      ["animal", "cat", "thing"],
      ["child", "dog", "thing"],
      ["cat", "dog"],
    ]);
    assert.deepEqual(read("word_synonyms"), []);
    assert.deepEqual(read("word_parents"), [[2, 1], [3, 2], [4, 2], [5, 1]]);
  });
});
