import { counts, log } from "./files.ts";
import { x } from "./sample.ts";
import { call, type ValidCall, withOptions } from "./valid_call.ts";

const columns = { user: "u", item: "i", value: "v" };

/** A call of everything that `cosine-lab/tables` exports. */
export const tables: Record<string, ValidCall> = {
  dropRare: withOptions({ user: 1, item: 1 }, x),
  gramFromCounts: withOptions({ first: "item_a", second: "item_b", total: "total" }, counts),
  gramFromParquet: withOptions({
    ...columns,
    repeats: "sum",
    memory: 100,
    onProgress: () => {},
  }, log),
  gramQuery: withOptions({ dialect: "postgresql" }, "shop.log", columns),
  readInteractions: withOptions({ ...columns, repeats: "sum", minimumCount: 1 }, log),
  selectItems: call(x, [0, 1]),
};
