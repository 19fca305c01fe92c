import { Matrix } from "ml-matrix";
import { InputRangeError, InputTypeError } from "../errors.ts";
import { rowArrays } from "../linalg/matrices.ts";

/** Where items are in a hierarchy, such as that of hypernyms: an animal is above a dog. */
export interface Taxonomy {
  /** The node of each item, length p; several items may share one. */
  nodes: ArrayLike<number>;
  /** The nodes directly above a node; those at the top have none. */
  parents: ReadonlyMap<number, readonly number[]>;
}

/**
 * Computes how similar items are by their places in a hierarchy: 2d/(a + b + 2d), where d is the depth of
 * an ancestor of both (1 at the top), and a and b are the steps up to it (Wu and Palmer, Verbs semantics
 * and lexical selection, 1994). Where a node has several parents, steps and depths are those of the
 * shortest way, and of the common ancestors the one of largest similarity counts.
 *
 * @param taxonomy The hierarchy, and the node of each item.
 * @returns The similarities, p x p, from 0 (nothing above both) to 1 (the same node).
 * @throws {TypeError} If the taxonomy has not both parts.
 * @throws {RangeError} If there are fewer than two items, or a node is above itself.
 *
 * @example
 * ```ts
 * import { wuPalmerSimilarity } from "cosine-lab/evaluation";
 * import assert from "node:assert/strict";
 *
 * // 0 is the top; 1 and 2 are below it, 3 below 1.
 * const parents = new Map([[1, [0]], [2, [0]], [3, [1]]]);
 * const s = wuPalmerSimilarity({ nodes: [1, 2, 3], parents });
 * assert.equal(s.get(0, 1), 2 / 4); // one step each to the top, of depth 1
 * assert.equal(s.get(0, 2), 4 / 5); // none and one to 1, of depth 2
 * ```
 */
export function wuPalmerSimilarity(taxonomy: Taxonomy): Matrix {
  const action = "compare places in a taxonomy";
  const { nodes, parents } = taxonomy ?? {};
  if (typeof nodes?.length !== "number" || !(parents instanceof Map)) {
    throw new InputTypeError(
      `Cannot ${action}: it must have nodes, an array, and parents, a Map from a node to those above`,
    );
  }
  const p = nodes.length;
  if (p < 2) {
    throw new InputRangeError(`Cannot ${action}: there must be at least 2 items, there are ${p}`);
  }
  const places = new Map<number, number>();
  const place = (node: number) => {
    if (!places.has(node)) places.set(node, places.size);
    return places.get(node)!;
  };
  const steps = new Map<number, Map<number, number>>();
  const stepsFrom = (node: number) => {
    if (!steps.has(node)) steps.set(node, stepsUp(action, node, parents));
    return steps.get(node)!;
  };
  const above = Array.from(
    { length: p },
    (_, i) =>
      [...stepsFrom(nodes[i])].map(([node, count]) => ({
        at: place(node),
        count,
        depth: 1 + depthOf(stepsFrom(node), parents),
      })),
  );
  const s = Matrix.zeros(p, p), rows = rowArrays(s);
  const own = new Float64Array(places.size);
  above.forEach((ancestors, i) => {
    own.fill(Infinity);
    for (const { at, count } of ancestors) own[at] = count;
    for (let j = 0; j < p; j++) {
      let most = 0;
      for (const { at, count, depth } of above[j]) {
        most = Math.max(most, 2 * depth / (own[at] + count + 2 * depth));
      }
      rows[i][j] = most;
    }
  });
  return s;
}

/** The nodes above a node, itself included, with the fewest steps up to them. */
function stepsUp(
  action: string,
  from: number,
  parents: ReadonlyMap<number, readonly number[]>,
): Map<number, number> {
  const found = new Map([[from, 0]]);
  let level = [from];
  for (let count = 1; level.length > 0; count++) {
    const next: number[] = [];
    for (const node of level) {
      for (const parent of parents.get(node) ?? []) {
        if (parent === from) {
          throw new InputRangeError(`Cannot ${action}: node ${from} must not be above itself`);
        }
        if (found.has(parent)) continue;
        found.set(parent, count);
        next.push(parent);
      }
    }
    level = next;
  }
  return found;
}

/** The fewest steps from a node up to one that has no parent. */
function depthOf(
  steps: ReadonlyMap<number, number>,
  parents: ReadonlyMap<number, readonly number[]>,
): number {
  let fewest = Infinity;
  for (const [node, count] of steps) {
    if (!parents.get(node)?.length) fewest = Math.min(fewest, count);
  }
  return fewest;
}
