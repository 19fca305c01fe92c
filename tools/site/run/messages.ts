/** What a page asks of the worker: to run a cell. Cells run one after the other. */
export interface CellRequest {
  /** The number of the cell. */
  cell: number;
  /** Its code, TypeScript. */
  code: string;
}

/** Why a cell failed. */
export interface Failure {
  /** Such as "RangeError: Cannot factorize: …". */
  message: string;
  /** The line of the cell, from 1, where it is known. */
  line?: number;
}

/** What the worker tells the page. */
export type CellAnswer =
  /** A message of Jupyter's protocol: the page collects outputs as `deno task reproduce` does. */
  | { kind: "output"; cell: number; type: string; content: Record<string, unknown> }
  | { kind: "done"; cell: number; failure?: Failure };
