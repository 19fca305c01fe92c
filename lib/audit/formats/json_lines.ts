import { InputError } from "../../io/program.ts";
import type { ByteSource } from "./byte_source.ts";
import type { FullOpenOptions, ReadFile } from "./embedding_file.ts";
import { jsonRecord } from "./json_record.ts";
import { RecordStore } from "./record_store.ts";
import { textLines } from "./text_lines.ts";

/** After how many rows their number is guessed from the size of the file. */
const GUESS = 1000;

/**
 * Opens JSON lines: on each line a record with a vector, like `{"id": …, "embedding": […]}`, or a
 * vector alone. They are read line by line.
 *
 * @throws {InputError} If a line is neither, or vectors differ in length; the line is named.
 */
export function openJsonLines(source: ByteSource, options: FullOpenOptions): ReadFile {
  const store = new RecordStore(source.name, options);
  let characters = 0;
  for (const { text, line } of textLines(source)) {
    const where = `line ${line}`;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      const { message } = error as Error;
      throw new InputError(
        `${source.name}, ${where} is no JSON: ${message.replaceAll(/\s+/g, " ").slice(0, 200)}`,
      );
    }
    store.add(jsonRecord(value, options, `${source.name}, ${where}`), where);
    characters += text.length + 1;
    // Half of the guess: lines may differ, and a file is refused in the end if it is too large.
    if (store.rows === GUESS) store.assertRows(Math.floor(source.size / characters * GUESS / 2));
  }
  return store.finish("JSON lines");
}
