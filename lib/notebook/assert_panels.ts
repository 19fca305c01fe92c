import { assertFinite } from "../check/assert_finite.ts";
import { assertInteger } from "../check/assert_integer.ts";
import { assertNumbers } from "../check/assert_numbers.ts";
import { assertObject } from "../check/assert_object.ts";
import { assertString } from "../check/assert_string.ts";
import { describe } from "../check/describe.ts";
import { assertCard } from "./assert_card.ts";

/** Throws unless panels are square matrices with their titles, and options those of heatmaps. */
export function assertPanels(panels: unknown, options: object): void {
  assertCard(options, ["clusters", "resolution", "columns", "every"]);
  const { clusters, columns, every, resolution } = options as Record<string, unknown>;
  if (resolution !== undefined) assertInteger("draw", "resolution", resolution, 1);
  if (every !== undefined) assertInteger("draw", "every", every, 1);
  if (columns !== undefined) assertInteger("draw", "columns", columns, 1);
  if (!Array.isArray(panels)) {
    throw new TypeError(
      `Cannot draw: panels must be an array, current value is ${describe(panels)}`,
    );
  }
  if (panels.length === 0) throw new RangeError("Cannot draw: there must be at least one panel");
  panels.forEach((panel: Record<string, unknown>, i) => {
    assertObject("draw", `panel ${i}`, panel);
    const { similarity, title, subtitle } = panel;
    if (title !== undefined) assertString("draw", `the title of panel ${i}`, title);
    if (subtitle !== undefined) assertString("draw", `the subtitle of panel ${i}`, subtitle);
    assertFinite("draw", `the similarity of panel ${i}`, similarity);
    const { rows, columns } = similarity;
    if (rows !== columns) {
      throw new RangeError(
        `Cannot draw: a similarity must be square, that of panel ${i} is ${rows} x ${columns}`,
      );
    }
    if (clusters !== undefined) assertClusters(clusters, rows);
  });
}

/** Throws unless there is the cluster of each item, a number. */
function assertClusters(clusters: unknown, items: number): void {
  assertNumbers("draw", "clusters", clusters);
  if (clusters.length === items) return;
  throw new RangeError(
    `Cannot draw: there must be a cluster for each of the ${items} items, there are ${clusters.length}`,
  );
}
