import { encode } from "fast-png";
import { Matrix } from "ml-matrix";
import { encodeBase64 } from "./encode_base64.ts";

/** Options for {@linkcode matrixImage}. */
export interface MatrixImageOptions {
  /**
   * The color of each step from the lower to the upper end, 256 at most, as [red, green, blue]. An odd
   * number of steps puts the middle of the scale, often an exact 0, in the middle of a step.
   */
  colors: readonly number[][];
  /** The values of the first and the last color; what is outside gets the color of the end. */
  domain: readonly [number, number];
  /** The most pixels on a side: of a larger matrix, each pixel is the mean of a block. */
  resolution: number;
}

/**
 * Draws a matrix as a picture, a pixel per entry or per block of entries.
 *
 * @param s The matrix.
 * @param options Colors and size.
 * @returns The picture as a `data:` URL of a PNG.
 */
export function matrixImage(s: Matrix, options: MatrixImageOptions): string {
  const { colors, domain: [low, high], resolution } = options;
  const means = blockMeans(s, resolution);
  const last = colors.length - 1;
  const data = new Uint8Array(means.rows * means.columns);
  for (let i = 0; i < means.rows; i++) {
    for (let j = 0; j < means.columns; j++) {
      const position = (means.get(i, j) - low) / (high - low);
      data[i * means.columns + j] = Math.round(Math.max(0, Math.min(1, position)) * last);
    }
  }
  const png = encode(
    {
      width: means.columns,
      height: means.rows,
      data,
      channels: 1,
      depth: 8,
      palette: colors as [],
    },
    { zlib: { level: 9 } },
  );
  return `data:image/png;base64,${encodeBase64(png)}`;
}

/** The means of blocks of equal size (but for the last), so that neither side exceeds a limit. */
function blockMeans(s: Matrix, limit: number): Matrix {
  const block = Math.ceil(Math.max(s.rows, s.columns) / limit);
  if (block === 1) return s;
  const rows = Math.ceil(s.rows / block);
  const columns = Math.ceil(s.columns / block);
  const means = new Matrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const bottom = Math.min((i + 1) * block, s.rows);
      const right = Math.min((j + 1) * block, s.columns);
      let sum = 0;
      for (let r = i * block; r < bottom; r++) {
        for (let c = j * block; c < right; c++) sum += s.get(r, c);
      }
      means.set(i, j, sum / ((bottom - i * block) * (right - j * block)));
    }
  }
  return means;
}
