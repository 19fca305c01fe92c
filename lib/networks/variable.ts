/** The precision of a network's numbers. */
export type Precision = "float32" | "float64";

/**
 * A matrix in the memory of a crew, with the gradient of the loss by it. Rows are padded with zeros
 * to a multiple of 16 bytes.
 */
export interface Variable {
  readonly rows: number;
  readonly columns: number;
  /** The bytes of a row. */
  readonly width: number;
  /** Where the entries are. */
  readonly value: number;
  /** Where the gradient is; 0 until something needs it. */
  gradient: number;
  /** Whether the gradient was written as a whole on the way forward. */
  written: boolean;
}
