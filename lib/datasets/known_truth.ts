import { simulateInteractions } from "../simulator/simulate_interactions.ts";
import { wuPalmerSimilarity } from "../similarity/wu_palmer.ts";
import type { KnownTruth } from "../remedies/choices.ts";
import { debianPackages } from "./debian_packages.ts";
import { instEval } from "./inst_eval.ts";
import { labelCodes } from "./label_codes.ts";
import { labeledInteractions } from "./labeled_interactions.ts";
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
