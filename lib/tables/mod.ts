/**
 * Logs of interactions into a matrix X or its Gram matrix: DataFrames, CSV, Parquet, SQL.
 * Loads native packages: DuckDB and polars.
 *
 * @module
 */
export type { ColumnTable, Repeats } from "../interactions/ids.ts";
export { gramFromParquet, type ParquetGram, type ParquetOptions } from "./gram_from_parquet.ts";
export {
  type CountColumns,
  type Dialect,
  gramFromCounts,
  gramQuery,
  type GramQueryOptions,
} from "./gram_query.ts";
export { type ReadInteractions, readInteractions, type ReadOptions } from "./read_interactions.ts";
export { dropRare, type MinimumCount, selectItems } from "../interactions/select.ts";
