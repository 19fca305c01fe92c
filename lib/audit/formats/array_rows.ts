import { type EmbeddingRows, type RowBlock, rowsPerBlock } from "../embedding_rows.ts";
import type { ByteSource } from "./byte_source.ts";
import { decode, type Dtype, fitsFloat32, sizeOf } from "./dtype.ts";
import { exactRows } from "./exact_rows.ts";

/** Where and how an array of two dimensions is stored. */
export interface ArrayLayout {
  rows: number;
  columns: number;
  dtype: Dtype;
  bigEndian?: boolean;
  /** Whether it is stored column by column. @default {false} */
  fortranOrder?: boolean;
  /** Where its first entry starts. */
  offset: number;
  /** The bytes between the end of a row and the start of the next. @default {0} */
  gap?: number;
}

/**
 * Reads an array block by block: what is in memory at a time is some megabytes, whatever the size
 * of the file.
 */
export function arrayRows(source: ByteSource, layout: ArrayLayout): EmbeddingRows {
  const { rows, columns, dtype, fortranOrder = false } = layout;
  return exactRows(source.name, {
    rows,
    columns,
    *blocks(): Generator<RowBlock> {
      const size = Math.min(rows, rowsPerBlock(columns));
      const values = new (fitsFloat32(dtype) ? Float32Array : Float64Array)(size * columns);
      const fill = fortranOrder ? columnReader(source, layout) : rowReader(source, layout);
      for (let start = 0; start < rows; start += size) {
        const count = Math.min(size, rows - start);
        const block = values.subarray(0, count * columns);
        fill(start, count, block);
        yield { start, rows: count, values: block };
      }
    },
  }, () => dtype.endsWith("int64"));
}

type Fill = (start: number, count: number, block: Float32Array | Float64Array) => void;

function rowReader(source: ByteSource, layout: ArrayLayout): Fill {
  const { columns, dtype, offset, gap = 0 } = layout;
  const width = columns * sizeOf(dtype);
  let bytes = new Uint8Array(0);
  return (start, count, block) => {
    const length = count * (width + gap) - gap;
    if (bytes.length < length) bytes = new Uint8Array(length);
    const run = bytes.subarray(0, length);
    source.read(offset + start * (width + gap), run);
    // The rows move together over the gaps: a row stays behind its first place.
    for (let i = 1; gap > 0 && i < count; i++) {
      run.copyWithin(i * width, i * (width + gap), i * (width + gap) + width);
    }
    decode(run.subarray(0, count * width), layout, block);
  };
}

function columnReader(source: ByteSource, layout: ArrayLayout): Fill {
  const { rows, columns, dtype, offset } = layout;
  const size = sizeOf(dtype);
  return (start, count, block) => {
    const bytes = new Uint8Array(count * size);
    for (let c = 0; c < columns; c++) {
      source.read(offset + (c * rows + start) * size, bytes);
      decode(bytes, layout, block, c, columns);
    }
  };
}
