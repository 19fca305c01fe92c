import { InputError } from "../../boundary/input_error.ts";
import type { SideColumn } from "./embedding_file.ts";
import { quote } from "./parse_number.ts";
import type { SideFile } from "./side_source.ts";

/**
 * Brings values into the order of the items: by their ids, where they have some.
 *
 * @param what What the values are, and `name` what they were read from, for an error.
 * @param side The values, with or without ids.
 * @param ids The ids of the items.
 * @param items How many items there are.
 * @throws {InputError} If an item has no value, or there are ids on one side alone.
 */
export function inOrderOfItems(
  what: string,
  name: string,
  { keys, values }: SideFile,
  ids: SideColumn | undefined,
  items: number,
): SideColumn {
  if (keys === undefined) return values;
  if (ids === undefined) {
    throw new InputError(
      `${name} has ids and values: the items must have ids to be matched with them (--ids)`,
    );
  }
  const byId = new Map(keys.map((key, i) => [String(key), values[i]]));
  return ids.map((id) => {
    const value = byId.get(String(id));
    if (value !== undefined) return value;
    throw new InputError(
      `there must be ${what} for each of the ${items} items, ${name} has none for ${quote(id)}`,
    );
  });
}
