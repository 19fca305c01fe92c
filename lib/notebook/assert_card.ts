import { assertKnown } from "../check/assert_known.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertString } from "../check/assert_string.ts";

/** The widths of a figure that can be drawn, in pixels. */
const NARROWEST = 200, WIDEST = 10_000;

/** Throws unless options are those of a card, and others that are named, which are not looked at. */
export function assertCard(options: object, others: readonly string[] = []): void {
  assertKnown("draw", options, ["title", "caption", "width", ...others]);
  const { title, caption, width } = options as Record<string, unknown>;
  if (title !== undefined) assertString("draw", "title", title);
  if (caption !== undefined) assertString("draw", "caption", caption);
  if (width !== undefined) assertNumber("draw", "width", width, NARROWEST, WIDEST);
}
