import { InputError } from "../boundary/input_error.ts";
import { type Notebook, parseNotebook } from "./notebook.ts";

// A hundred times the largest that a page can show; JavaScript has no text of more than 512 MB.
const MAX_BYTES = 200e6;

/** A notebook, and the text of the file that it is in. */
export interface NotebookFile {
  notebook: Notebook;
  text: string;
}

/**
 * Reads the notebook in a file.
 *
 * @param path The file.
 * @throws {InputError} If it is no regular file, has more than 200 MB, or holds no notebook of
 * format 4.
 */
export function readNotebook(path: string): NotebookFile {
  const refuse = (reason: string) => new InputError(`Cannot read ${path}: ${reason}`);
  const { isFile, size } = Deno.statSync(path);
  if (!isFile) throw refuse("it is not a file");
  if (size > MAX_BYTES) {
    throw refuse(`it has ${Math.round(size / 1e6)} MB, the limit is ${MAX_BYTES / 1e6} MB`);
  }
  const text = Deno.readTextFileSync(path);
  try {
    return { notebook: parseNotebook(text), text };
  } catch (error) {
    if (error instanceof TypeError) throw refuse(error.message.replace(/^Cannot [^:]*: /, ""));
    throw error;
  }
}
