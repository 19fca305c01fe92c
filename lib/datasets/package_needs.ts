import type { IndexedPackage } from "./package_index.ts";

/** A source package and a package that it needs. */
export interface PackageNeed {
  source: string;
  needs: string;
}

/**
 * Lists which source packages need which packages, as users who chose items.
 *
 * A source needs what one of its packages needs, once. The rules: of alternatives (`a | b`) the first
 * counts, which is the maintainers' own choice; a name that no package has stands for the package that
 * provides it where there is exactly one, and is left out where there are several or none; what a
 * source builds itself is not counted, neither is what an index does not have. Names stay as they are, the number in
 * `libpng16-16` included: a release has one version of nearly every library.
 *
 * @param packages The packages of one release.
 * @param minimumCount How many sources a package must be needed by, and how many such packages a
 * source must need; what has fewer is left out until all have as many.
 * @returns The pairs, in ascending order of source and package by their characters' codes.
 *
 * @example
 * ```ts
 * import { packageIndex } from "./package_index.ts";
 * import { packageNeeds } from "./package_needs.ts";
 * import assert from "node:assert/strict";
 *
 * const index = "Package: tea\nDepends: water | milk, cup\n\nPackage: cup\nSource: tea\n\nPackage: water";
 * assert.deepEqual(packageNeeds(packageIndex(index)), [{ source: "tea", needs: "water" }]);
 * ```
 */
export function packageNeeds(
  packages: readonly IndexedPackage[],
  minimumCount: { source: number; needs: number } = { source: 1, needs: 1 },
): PackageNeed[] {
  const named = new Map(packages.map((one) => [one.name, one]));
  const providers = new Map<string, string[]>();
  for (const { name, provides } of packages) {
    for (const other of new Set(provides)) {
      providers.set(other, [...providers.get(other) ?? [], name]);
    }
  }
  const pairs = new Map<string, PackageNeed>();
  for (const { source, needs } of packages) {
    for (const [first] of needs) {
      const provided = providers.get(first) ?? [];
      const found = named.get(first) ?? (provided.length === 1 && named.get(provided[0]));
      if (!found || found.source === source) continue;
      pairs.set(`${source} ${found.name}`, { source, needs: found.name });
    }
  }
  return frequent([...pairs.values()], minimumCount).sort((a, b) =>
    compare(a.source, b.source) || compare(a.needs, b.needs)
  );
}

/** Leaves out what is rare; that makes others rare, until nothing changes. */
function frequent(
  pairs: PackageNeed[],
  minimumCount: { source: number; needs: number },
): PackageNeed[] {
  const [sources, needs] = (["source", "needs"] as const).map((side) => {
    const counts = new Map<string, number>();
    for (const pair of pairs) counts.set(pair[side], (counts.get(pair[side]) ?? 0) + 1);
    return counts;
  });
  const kept = pairs.filter((pair) =>
    sources.get(pair.source)! >= minimumCount.source && needs.get(pair.needs)! >= minimumCount.needs
  );
  return kept.length === pairs.length ? kept : frequent(kept, minimumCount);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
