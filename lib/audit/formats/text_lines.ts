import { InputError } from "../../io/input_error.ts";
import type { ByteSource } from "./byte_source.ts";
import { textPieces } from "./text_pieces.ts";

/** The longest line, in characters: no record of one item is longer, whatever it says of it. */
export const LONGEST_LINE = 16_000_000;

/**
 * The lines of a text, with their numbers, counted from 1; those that are blank are left out
 * unless they are asked for.
 *
 * @throws {InputError} If a line is longer than {@linkcode LONGEST_LINE}.
 */
export function* textLines(
  source: ByteSource,
  { blank = false } = {},
): Generator<{ text: string; line: number }> {
  let line = 0, rest = "";
  for (const piece of textPieces(source)) {
    const lines = piece.split("\n");
    lines[0] = rest + lines[0];
    rest = lines.pop()!;
    for (const text of lines) {
      line++;
      assertLine(source, text, line);
      if (blank || text.trim() !== "") yield { text, line };
    }
    assertLine(source, rest, line + 1);
  }
  if (blank ? rest !== "" : rest.trim() !== "") yield { text: rest, line: line + 1 };
}

function assertLine({ name }: ByteSource, text: string, line: number): void {
  if (text.length <= LONGEST_LINE) return;
  throw new InputError(
    `${name}, line ${line} has more than ${LONGEST_LINE.toLocaleString("en")} characters`,
  );
}
