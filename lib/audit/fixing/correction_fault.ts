import { describe } from "../../check.ts";

/** What is wrong with a value that should be a {@linkcode Correction}; undefined where nothing is. */
export function correctionFault(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return "it must be an object";
  }
  const { version, correction, dimensions: k, mean, scale, matrix, normalize } = value as Record<
    string,
    unknown
  >;
  if (version !== 1) return `version must be 1, it is ${describe(version)}`;
  if (typeof correction !== "string") return "correction must be a text";
  if (!Number.isSafeInteger(k) || (k as number) < 1) {
    return "dimensions must be an integer of at least 1";
  }
  if (typeof normalize !== "boolean") return "normalize must be true or false";
  for (const [part, list] of Object.entries({ mean, scale })) {
    if (list !== null && !isVector(list, k as number)) {
      return `${part} must be null or ${k} numbers`;
    }
  }
  const width = Array.isArray(matrix) && Array.isArray(matrix[0]) ? matrix[0].length : 0;
  const fits = Array.isArray(matrix) && matrix.length === k && width > 0 &&
    matrix.every((row) => isVector(row, width));
  return matrix === null || fits ? undefined : `matrix must be null or ${k} rows of numbers`;
}

function isVector(list: unknown, length: number): boolean {
  return Array.isArray(list) && list.length === length && list.every((x) => Number.isFinite(x));
}
