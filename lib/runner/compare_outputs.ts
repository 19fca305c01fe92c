import { isDeepStrictEqual } from "node:util";
import { compareMarkup } from "./compare_markup.ts";
import { comparePng } from "./compare_png.ts";
import { compareText } from "./compare_text.ts";
import { joinLines, type MultilineText, type Output } from "./notebook.ts";

// Measured on the notebooks' figures: moving a third of the coordinates by a hundredth changes a block
// by 3.1 at the most, taking out one 12-pixel letter changes one by 3.7 at the least.
const BLOCK_MEAN = 3.3;

/**
 * Says how the outputs of a cell differ from those that are committed, one line for every output
 * and format that does: an empty list where they are the same. Texts, tables and data have to be
 * equal, pictures equal up to the rounding of a pixel's color.
 *
 * A figure comes as an SVG together with a PNG that is drawn from it. Where that SVG is the same (a
 * coordinate may have moved by a hundredth), its PNG passes with the same size and a mean
 * color that differs by at most 3.3 of 255 in each block of 16 x 16 pixels, because such a move
 * changes the pixels along an edge.
 *
 * @param committed The outputs that are stored, normalized.
 * @param fresh The new ones, normalized.
 */
export function compareOutputs(committed: readonly Output[], fresh: readonly Output[]): string[] {
  if (committed.length !== fresh.length) {
    const list = (outputs: readonly Output[]) =>
      outputs.length === 0 ? "none" : outputs.map(kind).join(", ");
    return [`the outputs are ${list(fresh)}; committed are ${list(committed)}`];
  }
  return committed.flatMap((output, i) =>
    compareOutput(output, fresh[i]).map((difference) => `output ${i + 1}, ${difference}`)
  );
}

function kind(output: Output): string {
  return output.name ?? Object.keys(output.data ?? {}).join(" + ");
}

function compareOutput(a: Output, b: Output): string[] {
  if (a.output_type !== b.output_type || a.name !== b.name) {
    return [`it is ${b.output_type} (${kind(b)}); committed is ${a.output_type} (${kind(a)})`];
  }
  if (a.output_type === "stream") {
    const difference = compareText(joinLines(a.text), joinLines(b.text));
    return difference === undefined ? [] : [`${a.name}: ${difference}`];
  }
  const differences = compareData(a.data ?? {}, b.data ?? {});
  if (!isDeepStrictEqual(a.metadata ?? {}, b.metadata ?? {})) {
    differences.push("metadata: it differs from what is committed");
  }
  return differences;
}

function compareData(a: Record<string, unknown>, b: Record<string, unknown>): string[] {
  const differences: string[] = [];
  const sameSvg = "image/svg+xml" in a && "image/svg+xml" in b &&
    compareMarkup(text(a["image/svg+xml"]), text(b["image/svg+xml"])) === undefined;
  for (const type of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (!(type in a) || !(type in b)) {
      differences.push(`${type}: it is ${type in a ? "missing" : "not in what is committed"}`);
      continue;
    }
    const difference = compareValue(type, a[type], b[type], sameSvg);
    if (difference !== undefined) differences.push(`${type}: ${difference}`);
  }
  return differences;
}

function compareValue(type: string, a: unknown, b: unknown, sameSvg: boolean) {
  if (isDeepStrictEqual(a, b)) return undefined;
  if (type === "image/png") {
    return comparePng(text(a), text(b), sameSvg ? { blockMean: BLOCK_MEAN } : {});
  }
  if (type === "image/svg+xml" || type === "text/html") return compareMarkup(text(a), text(b));
  if (type.startsWith("text/")) return compareText(text(a), text(b));
  return "it differs from what is committed";
}

function text(value: unknown): string {
  return joinLines(value as MultilineText);
}
