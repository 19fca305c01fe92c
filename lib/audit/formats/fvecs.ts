import { InputError } from "../../errors.ts";
import { arrayRows, type Dtype, sizeOf } from "./array_rows.ts";
import { assertColumns, bytesAt, type ByteSource } from "./bytes.ts";
import type { ReadFile } from "./embedding_file.ts";

const PIECE = 1 << 22;

/**
 * Opens vectors as FAISS and the TEXMEX collections store them: before each, how many entries it
 * has, as an int32; `.fvecs` holds float32, `.bvecs` uint8. They are read in blocks.
 *
 * @throws {InputError} If vectors differ in length, or the last is cut off.
 */
export function openFvecs(source: ByteSource, dtype: Dtype = "float32"): ReadFile {
  const { name, size } = source;
  if (size < 4) throw new InputError(`${name} is cut off: it has no vector`);
  const columns = new DataView(bytesAt(source, 0, 4).buffer).getInt32(0, true);
  assertColumns(name, columns);
  const width = 4 + columns * sizeOf(dtype);
  const rows = size / width;
  if (!Number.isInteger(rows)) {
    throw new InputError(
      `${name} is cut off, or its vectors differ in length: ${size} bytes are no whole number of ` +
        `vectors of ${columns} entries`,
    );
  }
  assertLengths(source, columns, width);
  return {
    rows: arrayRows(source, { rows, columns, dtype, offset: 4, gap: 4 }),
    columns: {},
    format: "FAISS vectors",
    dtype,
    notes: [],
  };
}

function assertLengths(source: ByteSource, columns: number, width: number): void {
  const perPiece = Math.max(1, Math.floor(PIECE / width));
  const rows = source.size / width;
  for (let start = 0; start < rows; start += perPiece) {
    const count = Math.min(perPiece, rows - start);
    const view = new DataView(bytesAt(source, start * width, count * width).buffer);
    for (let i = 0; i < count; i++) {
      const length = view.getInt32(i * width, true);
      if (length === columns) continue;
      throw new InputError(
        `${source.name}, row ${start + i + 1} has ${length} entries, row 1 has ${columns}`,
      );
    }
  }
}
