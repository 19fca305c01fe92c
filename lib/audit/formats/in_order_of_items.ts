import { InputError } from "../../io/program.ts";
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
 * @throws {InputError} If an item has no value, an id has two, a value is a number that is not finite,
 * or there are ids on one side alone.
 */
export function inOrderOfItems(
  what: string,
  name: string,
  { keys, values }: SideFile,
  ids: SideColumn | undefined,
  items: number,
): SideColumn {
  const bad = values.findIndex((value) => typeof value === "number" && !Number.isFinite(value));
  if (bad >= 0) {
    throw new InputError(`${name}, entry ${bad + 1}: ${values[bad]} is not a finite number`);
  }
  if (keys === undefined) return values;
  if (ids === undefined) {
    throw new InputError(
      `${name} has ids and values: the items must have ids to be matched with them (--ids)`,
    );
  }
  const byId = new Map<string, string | number>();
  keys.forEach((key, i) => {
    if (byId.has(String(key))) throw new InputError(`${name} has the id ${quote(key)} twice`);
    byId.set(String(key), values[i]);
  });
  return ids.map((id) => {
    const value = byId.get(String(id));
    if (value !== undefined) return value;
    throw new InputError(
      `there must be ${what} for each of the ${items} items, ${name} has none for ${quote(id)}`,
    );
  });
}
