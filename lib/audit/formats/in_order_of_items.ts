import { InputError } from "../../io/input_error.ts";
import type { SideColumn } from "./embedding_file.ts";
import { rowsById } from "../rows_by_id.ts";
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
  { kept, records = items, notes = [] }: Aligned = {},
): SideColumn {
  const bad = values.findIndex((value) => typeof value === "number" && !Number.isFinite(value));
  if (bad >= 0) {
    throw new InputError(`${name}, entry ${bad + 1}: ${values[bad]} is not a finite number`);
  }
  if (keys === undefined || ids === undefined && what === "ids") {
    return kept !== undefined && values.length === records && records !== items
      ? Array.from(kept, (record) => values[record])
      : values;
  }
  if (ids === undefined) {
    throw new InputError(
      `${name} has ids and values: the items must have ids to be matched with them (--ids)`,
    );
  }
  const byId = rowsById(keys, keys.length);
  const valueOf = (id: string | number) => values[byId.get(String(id))!];
  const repeats = keys.filter((key, i) => valueOf(key) !== values[i]).length;
  if (repeats > 0) {
    notes.push(`${name}: ${repeats} ids are there again with other ${what}: the first one counts`);
  }
  const without = ids.filter((id) => !byId.has(String(id)));
  if (without.length === 0) return ids.map(valueOf);
  if (what === "ids" || without.length > 0.5 * ids.length) {
    throw new InputError(
      `there must be ${what} for each of the ${items} items, ${name} has none for ${without.length} of ` +
        `them, the first is ${quote(without[0])}`,
    );
  }
  const isLabels = what === "labels";
  notes.push(
    `${name} has no ${what} for ${without.length} of ${ids.length} items (${
      without.slice(0, 5).join(", ")
    }${without.length > 5 ? ", …" : ""}): ${
      isLabels ? "each of them counts as a kind of its own" : "they count as 0"
    }`,
  );
  return ids.map((id) => valueOf(id) ?? (isLabels ? `no label: ${id}` : 0));
}

/** What tells which records of a file were kept, and where to say what was found. */
export interface Aligned {
  kept?: Uint32Array;
  records?: number;
  notes?: string[];
}
