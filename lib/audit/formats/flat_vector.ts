import type { DuckDBVector } from "@duckdb/node-api";

/** Numbers as DuckDB gives them: of a column, or of all lists of a column one after the other. */
export interface FlatVector {
  items: Float32Array | Float64Array;
  offset(row: number): number;
  length(row: number): number;
  missing(row: number): boolean;
}

interface NumberVector {
  items: Float32Array | Float64Array;
  validity: { itemValid(i: number): boolean };
}

interface ListVector {
  childVector: NumberVector;
  validity: NumberVector["validity"];
  getEntryOffset(i: number): number;
  getEntryLength(i: number): number;
}

/** The numbers of a column of them, or of lists of them. */
export function flatVector(vector: DuckDBVector): FlatVector {
  const list = vector as unknown as ListVector;
  const numbers = list.childVector ?? (vector as unknown as NumberVector);
  const isList = list.childVector !== undefined;
  return {
    items: numbers.items,
    offset: (row) => isList ? list.getEntryOffset(row) : row,
    length: (row) => isList && list.validity.itemValid(row) ? list.getEntryLength(row) : 0,
    missing: (i) => !numbers.validity.itemValid(i),
  };
}
