import { assertString } from "../check.ts";
import { debianPackages } from "./debian_packages.ts";
import { labelCodes } from "./label_codes.ts";
import type { LabeledInteractions } from "./labeled_items.ts";
import { labeledMovies } from "./labeled_movies.ts";

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
 * MovieLens where it is there.
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
