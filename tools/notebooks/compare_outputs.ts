import { isDeepStrictEqual } from "node:util";
import { comparePng } from "./compare_png.ts";
import { compareText } from "./compare_text.ts";
import {
  isJsonType,
  joinLines,
  type MultilineText,
  type Output,
} from "../../lib/io/notebook_file.ts";

/**
 * Says how the outputs of a cell differ from those that are committed, one line for every output
 * and format that does: an empty list where they are the same. All arithmetic is the same to the
 * last bit on every machine, so all has to be equal: of a picture its pixels, not how the file
 * stores them.
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
  for (const type of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (!(type in a) || !(type in b)) {
      differences.push(`${type}: it is ${type in a ? "missing" : "not in what is committed"}`);
      continue;
    }
    const difference = compareValue(type, a[type], b[type]);
    if (difference !== undefined) differences.push(`${type}: ${difference}`);
  }
  return differences;
}

function compareValue(type: string, a: unknown, b: unknown): string | undefined {
  if (isDeepStrictEqual(a, b)) return undefined;
  if (isJsonType(type)) return "it differs from what is committed";
  if (type === "image/png") return comparePng(text(a), text(b));
  if (type.startsWith("text/") || type === "image/svg+xml") return compareText(text(a), text(b));
  return "it differs from what is committed";
}

function text(value: unknown): string {
  return joinLines(value as MultilineText);
}
