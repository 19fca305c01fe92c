import type { MultilineText, Output } from "../../lib/io/notebook_file.ts";

/**
 * Outputs in one order: neighboring texts of the same stream are one, and texts come before displays,
 * which come before the result.
 *
 * The kernel sends texts and displays from two threads, so that which of them arrives first differs
 * from run to run: a fixed order is the only one that a rerun repeats.
 *
 * @param outputs The outputs of a cell, as they came.
 * @returns The outputs in order; those given stay as they are.
 */
export function orderOutputs(outputs: readonly Output[]): Output[] {
  const rank = { stream: 0, display_data: 1, execute_result: 2, error: 3 };
  const merged: Output[] = [];
  for (const output of outputs.toSorted((a, b) => rank[a.output_type] - rank[b.output_type])) {
    const last = merged.at(-1);
    if (output.output_type === "stream" && last?.name === output.name && last?.text !== undefined) {
      last.text = joined(last.text) + joined(output.text);
    } else {
      merged.push({ ...output });
    }
  }
  return merged;
}

const joined = (text: MultilineText | undefined) => [text ?? ""].flat().join("");
