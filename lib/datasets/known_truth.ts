import { readFileSync } from "node:fs";
import { assertString } from "../check.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { dropRare, selectItems } from "../interactions/select.ts";
import { topIndices } from "../math/top_indices.ts";
import type { KnownTruth } from "../remedies/choices.ts";
import type { MeasuredChoices } from "../remedies/measured_choices.ts";
import { wuPalmerSimilarity } from "../similarity/wu_palmer.ts";
import { simulateInteractions } from "../simulator/simulate_interactions.ts";
import { debianPackages } from "./debian_packages.ts";
import { instEval } from "./inst_eval.ts";
import { readMovieLens } from "./read_movielens.ts";
import { shipped } from "./shipped.ts";
import { wordNetNouns } from "./words.ts";

/** The data whose truth comes with the library; see {@linkcode knownTruth}. */
export const TRUTHS = ["simulation", "words", "lecturers", "liked lecturers", "packages"] as const;

/** The share of its uses by which the first sense of a noun counts as dominant. */
const DOMINANT = 0.8;

/**
 * Gets data whose items are of kinds that people, or the simulation, decided, in one form:
 *
 * - `"simulation"`: the paper's, 20,000 users x 1,000 items, in 5 clusters;
 * - `"words"`: {@linkcode wordNetNouns} in lexicographers' classes, and those nouns alone whose first
 *   sense is dominant (80 % of the uses that annotators met, or the only one); the reference is Wu and
 *   Palmer's similarity;
 * - `"lecturers"`: {@linkcode instEval} in departments, any rating; `"liked lecturers"`: ratings of 4 or 5;
 * - `"packages"`: {@linkcode debianPackages} in sections; in sections without libs, which is a catch-all
 *   of a third of the packages; and by topic, of those that have one.
 *
 * @param source One of them, or the path of a folder or zip file of MovieLens.
 * @returns The interactions, and the kinds.
 * @throws {TypeError} If source is not a string.
 * @throws {RangeError} If it is no path of MovieLens either, or that is damaged.
 *
 * @example
 * ```ts
 * import { knownTruth } from "cosine-lab/datasets";
 * import assert from "node:assert/strict";
 *
 * const { interactions, kinds } = await knownTruth("lecturers");
 * assert.equal(kinds.department.labels.length, interactions.items);
 * ```
 */
export async function knownTruth(
  source: typeof TRUTHS[number] | (string & Record<never, never>),
): Promise<KnownTruth> {
  switch (source) {
    case "simulation": {
      const { interactions, clusters } = simulateInteractions({ seed: "cosine-lab" });
      return { interactions, kinds: { cluster: { labels: clusters } } };
    }
    case "words": {
      const { interactions, nouns, taxonomy } = wordNetNouns();
      const labels = labelCodes(nouns.getColumn("class").toArray() as string[]).codes;
      const dominance = nouns.getColumn("dominance").toArray() as (number | null)[];
      return {
        interactions,
        kinds: {
          class: { labels },
          "class of a dominant sense": {
            labels,
            items: places(dominance, (share) => share !== null && share >= DOMINANT),
          },
        },
        reference: wuPalmerSimilarity(taxonomy),
      };
    }
    case "lecturers":
    case "liked lecturers": {
      const threshold = source === "lecturers" ? 1 : 4;
      const { interactions, lecturers } = instEval({ threshold });
      const labels = lecturers.getColumn("department").toArray() as number[];
      return { interactions, kinds: { department: { labels } } };
    }
    case "packages": {
      const { interactions, packages } = debianPackages();
      const [sections, topics] = ["section", "topic"].map((name) =>
        packages.getColumn(name).toArray() as string[]
      );
      const labels = labelCodes(sections).codes;
      return {
        interactions,
        kinds: {
          section: { labels },
          "section without libs": { labels, items: places(sections, (name) => name !== "libs") },
          topic: {
            labels: labelCodes(topics).codes,
            items: places(topics, (name) => name !== ""),
          },
        },
      };
    }
    default: {
      const { interactions, groups } = await labeledInteractions(source);
      return { interactions, kinds: { genre: { labels: groups } } };
    }
  }
}

function places<T>(values: readonly T[], counts: (value: T) => boolean): number[] {
  return values.flatMap((value, i) => counts(value) ? [i] : []);
}

/** Real interactions whose items have known labels; what `labeledInteractions` makes. */
export interface LabeledInteractions {
  /** What it is, in a word. */
  name: string;
  /** X; items are sorted by group. */
  interactions: Interactions;
  /** What each item is called. */
  items: string[];
  /** The group of each item, a number from 0: its section, or a movie's rarest genre. */
  groups: Uint16Array;
  /** The name of each group. */
  groupNames: string[];
  /** The topic of each item, a number from 0: its rarest debtag, or all genres of a movie. */
  topics: Uint16Array;
  /** The name of each topic; "" is that of items without one. */
  topicNames: string[];
  /** Items that most people in the field know. */
  wellKnown: number[];
}

const WELL_KNOWN = [
  "python3-numpy",
  "python3-django",
  "python3-sphinx",
  "r-cran-ggplot2",
  "libmoose-perl",
  "libqt5widgets5",
  "libgtk-3-0",
  "libsdl2-2.0-0",
  "libavcodec59",
  "libssl3",
];

/**
 * Gets real data in the form that the comparison with simulated data needs: Debian's packages, or
 * MovieLens where it has been downloaded.
 *
 * A movie has several genres: its group is the rarest of them, which says most about it, and its
 * topic all of them together. The 2,000 most popular movies are taken.
 *
 * @param source `"debian"`, or the path of a folder or zip file of MovieLens.
 * @returns The interactions and the labels of the items.
 * @throws {TypeError} If source is not a string.
 * @throws {RangeError} If there is no MovieLens at the path, or it is damaged.
 *
 * @example
 * ```ts
 * import { labeledInteractions } from "cosine-lab/datasets";
 * import assert from "node:assert/strict";
 *
 * const { items, groups, groupNames } = await labeledInteractions("debian");
 * assert.equal(groupNames[groups[items.indexOf("python3-numpy")]], "python");
 * ```
 */
export async function labeledInteractions(source: string): Promise<LabeledInteractions> {
  assertString("get real data", "source", source);
  return source === "debian" ? labeledPackages() : await labeledMovies(source);
}

function labeledPackages(): LabeledInteractions {
  const { interactions, packages } = debianPackages();
  const column = (name: string) => packages.getColumn(name).toArray() as string[];
  const items = column("package");
  const groups = labelCodes(column("section"));
  const topics = labelCodes(column("topic"));
  return {
    name: "packages",
    interactions,
    items,
    groups: groups.codes,
    groupNames: groups.names,
    topics: topics.codes,
    topicNames: topics.names,
    wellKnown: WELL_KNOWN.map((name) => items.indexOf(name)),
  };
}

/** How many movies are taken at most: similarities are p x p. */
const MOST_MOVIES = 2_000;

/** MovieLens as {@linkcode LabeledInteractions}. */
async function labeledMovies(path: string): Promise<LabeledInteractions> {
  const { interactions: all, movies, genres } = await readMovieLens(path);
  const counts = new Float64Array(all.items);
  for (const i of all.columnIndices) counts[i]++;
  const popular = topIndices(counts, MOST_MOVIES);
  const frequency = new Map<string, number>();
  for (const i of popular) {
    for (const genre of genres[i]) frequency.set(genre, (frequency.get(genre) ?? 0) + 1);
  }
  const titles = movies.getColumn("title").toArray() as string[];
  const described = Array.from(popular, (i, rank) => {
    const rarest = genres[i].toSorted((a, b) => frequency.get(a)! - frequency.get(b)!)[0];
    return { i, rank, title: titles[i], group: rarest ?? "none", topic: genres[i].join("|") };
  });
  const key = ({ group, topic }: typeof described[number]) => `${group}: ${topic}`;
  described.sort((a, b) => key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.rank - b.rank);
  const groups = labelCodes(described.map(({ group }) => group));
  const topics = labelCodes(described.map(({ topic }) => topic));
  const place = described.map(({ rank }, i) => ({ rank, i })).sort((a, b) => a.rank - b.rank);
  return {
    name: "movies",
    interactions: dropRare(selectItems(all, described.map(({ i }) => i)), { item: 0 }),
    items: described.map(({ title }) => title),
    groups: groups.codes,
    groupNames: groups.names,
    topics: topics.codes,
    topicNames: topics.names,
    wellKnown: place.slice(0, 10).map(({ i }) => i),
  };
}

/** Numbers labels from 0 in the order in which they first appear: `names[codes[i]]` is label i. */
function labelCodes(labels: readonly string[]): { codes: Uint16Array; names: string[] } {
  const names = [...new Set(labels)];
  const positions = new Map(names.map((name, code) => [name, code]));
  return { codes: Uint16Array.from(labels, (label) => positions.get(label)!), names };
}

/**
 * Reads the table that says how well each choice of a similarity does on each data set: the numbers behind
 * the README's advice, which `data/make_choices.ts` measured by `measureChoices` and kept to five digits.
 *
 * @returns What was measured on each data set of {@linkcode TRUTHS}.
 *
 * @example
 * ```ts
 * import { choiceTable } from "cosine-lab/datasets";
 * import assert from "node:assert/strict";
 *
 * const { packages } = choiceTable();
 * assert(packages.dot.mean > packages.cosine["D = I"].mean);
 * ```
 */
export function choiceTable(): Record<typeof TRUTHS[number], MeasuredChoices> {
  return JSON.parse(readFileSync(shipped("choices.json"), "utf8"));
}
