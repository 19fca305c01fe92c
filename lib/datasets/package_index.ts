/** One package of an index of Debian's. */
export interface IndexedPackage {
  /** Its name. */
  name: string;
  /** The source package that it is built from. */
  source: string;
  /** The section it is in, such as `python`. */
  section: string;
  /** Its debtags, such as `field::mathematics`; most packages have none. */
  tags: string[];
  /** What it needs (Pre-Depends and Depends): of each, the names of the alternatives. */
  needs: string[][];
  /** Other names that it can stand for. */
  provides: string[];
}

/**
 * Reads an index of packages in Debian's format: the file `Packages` of a release, or what
 * `apt-cache dumpavail` prints.
 *
 * Versions and architectures are left out: `python3:any (>= 3.11~)` is `python3`.
 *
 * @param text The index.
 * @returns The packages, in the order of the index; of a name that is there twice the last.
 * @throws {RangeError} If a paragraph names no package.
 *
 * @example
 * ```ts
 * import { packageIndex } from "./package_index.ts";
 * import assert from "node:assert/strict";
 *
 * const [scipy] = packageIndex("Package: python3-scipy\nSource: scipy (1.10)\nDepends: python3-numpy");
 * assert.deepEqual([scipy.source, scipy.needs], ["scipy", [["python3-numpy"]]]);
 * ```
 */
export function packageIndex(text: string): IndexedPackage[] {
  const packages = new Map<string, IndexedPackage>();
  for (const paragraph of text.split(/\n\s*\n/)) {
    if (paragraph.trim() === "") continue;
    const fields = paragraphFields(paragraph);
    const name = fields.get("Package");
    if (name === undefined || name === "") {
      throw new RangeError(
        `Cannot read an index of packages: a paragraph names none, "${paragraph.slice(0, 40)}"`,
      );
    }
    packages.set(name, {
      name,
      source: (fields.get("Source") ?? name).split(" ")[0],
      section: fields.get("Section") ?? "",
      tags: listed(fields.get("Tag")),
      needs: ["Pre-Depends", "Depends"].flatMap((field) => listed(fields.get(field)))
        .map((relation) => relation.split("|").map(bareName)),
      provides: listed(fields.get("Provides")).map(bareName),
    });
  }
  return [...packages.values()];
}

/** The fields of a paragraph; a line that starts with a space goes on with the field before. */
function paragraphFields(paragraph: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of paragraph.replace(/\n[ \t]+/g, " ").split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return fields;
}

function listed(field = ""): string[] {
  return field.split(",").map((entry) => entry.trim()).filter((entry) => entry !== "");
}

function bareName(relation: string): string {
  return relation.trim().split(/[\s:(]/)[0];
}
