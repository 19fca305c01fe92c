import { InputError } from "../io/input_error.ts";
import type { SideColumn } from "./formats/embedding_file.ts";
import { parseNumber } from "./formats/numbers.ts";

/** Turns labels of any kind into numbers from 0 on. */
export function labelNumbers(labels: SideColumn): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from(labels, (label) => {
    const known = numbers.get(String(label));
    if (known !== undefined) return known;
    numbers.set(String(label), numbers.size);
    return numbers.size - 1;
  });
}

/** Reads values as finite numbers. */
export function numericValues(what: string, values: SideColumn): Float64Array {
  return Float64Array.from(values, (value, i) => {
    const number = typeof value === "number" ? value : parseNumber(String(value));
    if (number === undefined || !Number.isFinite(number)) {
      throw new InputError(`${what} of item ${i}, counted from 0: "${value}" is not a number`);
    }
    return number;
  });
}
