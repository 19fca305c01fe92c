/**
 * What cells show: the outputs of a notebook, collected from a kernel's messages, and their order.
 *
 * @module
 */
import type { Message } from "./zmtp.ts";

/** Text as the notebook format has it: one string, or its lines, each with its line break. */
export type MultilineText = string | string[];

/** One output of a cell. Which members it has depends on `output_type`. */
export interface Output {
  output_type: "stream" | "display_data" | "execute_result" | "error";
  /** Of a stream: "stdout" or "stderr". */
  name?: string;
  /** Of a stream. */
  text?: MultilineText;
  /** Of a display or a result: the same thing in several formats, by MIME type. */
  data?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  execution_count?: number | null;
}

/** What of a message says what a cell shows. */
type OutputMessage = Pick<Message, "content"> & { header: { msg_type: string } };

/** Of two forms of one table VS Code prefers this one, and shows nothing. */
const HIDDEN = "application/vnd.dataresource+json";

/**
 * Turns what a kernel broadcasts into the outputs of cells.
 *
 * One collector serves a whole notebook, because a later cell may update what an earlier one shows.
 */
export class OutputCollector {
  readonly #displays = new Map<string, Output[]>();
  readonly #clearNext = new WeakSet<Output[]>();

  /** Adds what one message says to the outputs of the cell that caused it. */
  add(message: OutputMessage, outputs: Output[]): void {
    const { content } = message;
    switch (message.header.msg_type) {
      case "stream":
        this.#push(outputs, { output_type: "stream", name: content.name, text: content.text });
        break;
      case "display_data": {
        const output: Output = {
          output_type: "display_data",
          data: shown(content.data),
          metadata: content.metadata ?? {},
        };
        this.#push(outputs, output);
        const id = content.transient?.display_id;
        if (id !== undefined) this.#displays.set(id, [...this.#displays.get(id) ?? [], output]);
        break;
      }
      case "update_display_data":
        for (const output of this.#displays.get(content.transient?.display_id) ?? []) {
          output.data = shown(content.data);
          output.metadata = content.metadata ?? {};
        }
        break;
      case "execute_result":
        this.#push(outputs, {
          output_type: "execute_result",
          data: shown(content.data),
          metadata: content.metadata ?? {},
          execution_count: content.execution_count,
        });
        break;
      case "clear_output":
        if (content.wait) this.#clearNext.add(outputs);
        else outputs.length = 0;
        break;
    }
  }

  #push(outputs: Output[], output: Output): void {
    if (this.#clearNext.delete(outputs)) outputs.length = 0;
    outputs.push(output);
  }
}

/** The forms of an output, without the one that hides the others. */
function shown(data: Record<string, unknown>): Record<string, unknown> {
  const { [HIDDEN]: _, ...others } = data;
  return "text/html" in others ? others : data;
}

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
      last.text = joinLines(last.text) + joinLines(output.text);
    } else {
      merged.push({ ...output });
    }
  }
  return merged;
}

/** The text of a notebook's string, however it is stored. */
export function joinLines(text: MultilineText | undefined): string {
  return Array.isArray(text) ? text.join("") : text ?? "";
}

/** Whether an output of a MIME type is a value, and not a text. */
export function isJsonType(type: string): boolean {
  return type === "application/json" || type.endsWith("+json");
}
