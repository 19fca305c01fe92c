import { quantiles } from "../../math/mean_and_quantiles.ts";
import { columnsOf, rowsOf } from "../neighbor_search.ts";
import { evenPlaces, type RowSample, rowsAt, unitOf } from "../rows.ts";
import {
  type AuditContext,
  type Integer,
  type Measure,
  type NeighborChange,
  percentWithin,
  rounded,
} from "./measure.ts";

/** Signs that each number holds eight bits of eight coordinates. */
interface PackedBits {
  /** Whether bytes are unsigned, 0 to 255, or signed. */
  signed: boolean;
  /** How many coordinates the bits are of, eight a byte. */
  dimensions: Integer;
  /**
   * The correlation over random pairs of rows of how many of the last bits they share with how many
   * of the others: 0 where the last bit is rounding.
   */
  lastBits: number;
}

/** Of 256 values so many occur, and each bit is set between these shares of the time. */
const LEAST_VALUES = 100, BALANCED = [0.2, 0.8];
/** Last bits that go with the others this much are no rounding; chance leaves 0.02. */
const INFORMATIVE = 0.15;

function packedBits({ scan, sample, pairs }: AuditContext): PackedBits | null {
  if (!scan.bytes) return null;
  const rows = rowsOf(sample.values, sample.columns), k = sample.columns;
  const unit = unitOf(sample, scan.norms);
  const bytes = rows.map((row) => Int16Array.from(row, (entry) => Math.round(entry * unit)));
  const signed = bytes.some((row) => row.some((entry) => entry < 0));
  const values = new Set<number>();
  const set = new Float64Array(8);
  for (const row of bytes) {
    for (const entry of row) {
      values.add(entry);
      for (let bit = 0; bit < 8; bit++) if ((entry >> bit) & 1) set[bit]++;
    }
  }
  const all = bytes.length * k;
  if (values.size < LEAST_VALUES) return null;
  if (set.some((count) => count < BALANCED[0] * all || count > BALANCED[1] * all)) return null;
  const last: number[] = [], others: number[] = [];
  for (let at = 0; at < pairs.length; at += 2) {
    const a = bytes[pairs[at]], b = bytes[pairs[at + 1]];
    let same = 0, rest = 0, compared = 0;
    for (let c = 0; c < k; c++) {
      if (isExtreme(a[c]) || isExtreme(b[c])) continue;
      const differ = (a[c] ^ b[c]) & 255;
      compared++;
      if ((differ & 1) === 0) same++;
      for (let bit = 1; bit < 8; bit++) if (((differ >> bit) & 1) === 0) rest++;
    }
    // Equal rows share everything, whatever their bits are.
    if (compared === 0 || same === compared && rest === 7 * compared) continue;
    last.push(same / compared);
    others.push(rest / compared);
  }
  const lastBits = pearson(last, others);
  return lastBits < INFORMATIVE ? null : { signed, dimensions: 8 * k, lastBits };
}

/** The ends of a byte: numbers that were cut off there share all bits, and that says nothing. */
const isExtreme = (entry: number) =>
  entry === -128 || entry === 127 || entry === 0 || entry === 255;

function pearson(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) =>
    values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
  const [a, b] = [mean(x), mean(y)];
  let xy = 0, xx = 0, yy = 0;
  x.forEach((value, i) => {
    xy += (value - a) * (y[i] - b);
    xx += (value - a) ** 2;
    yy += (y[i] - b) ** 2;
  });
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}

/** What unpacks them in NumPy, into 0 and 1. */
function unpacking({ signed }: PackedBits): string {
  return `np.unpackbits(${
    signed ? "(x.astype(int) + 128).astype('uint8')" : "x.astype('uint8')"
  }, axis=1)`;
}

/** Binary embeddings, eight coordinates in a byte; null where nothing says so. */
export const packedBitsMeasure: Measure<"packedBits", PackedBits | null, "packed-bits"> = {
  key: "packedBits",
  section: "file",
  measure: packedBits,
  flags: {
    "packed-bits": {
      kind: "fault",
      means: "each byte holds the signs of eight coordinates",
      when: "each byte holds the signs of eight coordinates",
      threshold: {
        name:
          "bytes count as packed bits where their last bits go with the others by this correlation",
        value: INFORMATIVE,
        source: "rounded numbers leave 0.02, signs of embeddings 0.3 and more",
      },
      misread: true,
      raised: (found) => found !== null,
      headline: (found) =>
        "These numbers are packed bits: each byte holds the signs of eight coordinates, " +
        `${found!.dimensions} in all, and cosines of bytes mean nothing.`,
      advice: (found) =>
        `Unpack them in NumPy: \`x = 2.0 * ${
          unpacking(found!)
        } - 1\`. The bits are 0 and 1, which ` +
        "this makes −1 and 1: their cosine gives the same neighbors as the Hamming distance of the " +
        "bits, by which you may compare the bytes as they are.",
    },
  },
};

/** The numbers themselves: how large they are, and how many different ones. */
interface StoredNumbers {
  /** The median size of those that are not zero. */
  typical: number;
  /**
   * How many times the third quartile of their sizes is the first, in the median over the columns; 3.6
   * for normally distributed ones.
   */
  spread: number;
  /** How many different ones the sample has; null where there are more than 256. */
  distinct: Integer | null;
  /** Whether most of them are below the smallest number that float16 holds in full precision. */
  underflow: boolean;
  /** The 5th and the 95th percentile of the sizes of those that are not zero. */
  range: { p5: number; p95: number };
  /** The type of which the same bytes are sizes as models have them; null where none was looked for, or found. */
  meant: string | null;
}

/** How many columns are looked at, and how many rows of each. */
const COLUMNS = 64, ROWS = 1000;
/** Sizes that no model gives its numbers. */
const SMALLEST = 1e-30, LARGEST = 1e30;
/** Bytes that are read as numbers of another type give exponents of any size. */
const WIDEST = 1e4;
/** Fewer different numbers than 4 bits can tell apart; 2 and 3 of them are signs. */
const FEW = { least: 4, most: 15 };
/** The smallest float16 of full precision. */
const SMALLEST_FLOAT16 = 1 / 16384;

/** How NumPy calls the types whose bytes can be taken for another, their size, and how each is read. */
const TYPES: Record<string, { size: number; read: (view: DataView, at: number) => number }> = {
  "<f4": { size: 4, read: (view, at) => view.getFloat32(at, true) },
  ">f4": { size: 4, read: (view, at) => view.getFloat32(at, false) },
  "<f8": { size: 8, read: (view, at) => view.getFloat64(at, true) },
  ">f8": { size: 8, read: (view, at) => view.getFloat64(at, false) },
  "<f2": { size: 2, read: (view, at) => view.getFloat16(at, true) },
  ">f2": { size: 2, read: (view, at) => view.getFloat16(at, false) },
};
const OWN: Record<string, string> = { float64: "<f8", float32: "<f4", float16: "<f2" };
/** Sizes that models give their numbers, and the widest quartiles that they leave. */
const LIKELY = { least: 1e-6, most: 1e6, spread: 100 };

/** The type of which the bytes of some rows, as the file has them, are numbers of likely sizes. */
function meantType(dtype: string, rows: readonly Float64Array[]): string | null {
  const own = OWN[dtype];
  if (own === undefined) return null;
  const { size } = TYPES[own];
  const bytes = new DataView(new ArrayBuffer(rows.length * rows[0].length * size));
  rows.flatMap((row) => [...row]).forEach((entry, i) => {
    if (size === 8) bytes.setFloat64(8 * i, entry, true);
    else if (size === 4) bytes.setFloat32(4 * i, entry, true);
    else bytes.setFloat16(2 * i, entry, true);
  });
  return Object.keys(TYPES).find((name) => {
    const type = TYPES[name];
    const sizes = Float64Array.from(
      { length: bytes.byteLength / type.size },
      (_, i) => Math.abs(type.read(bytes, i * type.size)),
    );
    if (name === own || !sizes.every(Number.isFinite)) return false;
    const [first, middle, third] = quantiles(sizes.filter((entry) => entry > 0), [0.25, 0.5, 0.75]);
    return middle >= LIKELY.least && middle <= LIKELY.most && third <= LIKELY.spread * first;
  }) ?? null;
}

function storedNumbers(
  { items, sample, scan, options: { file } }: AuditContext,
): StoredNumbers {
  const { values, columns: k, indices } = sample, unit = unitOf(sample, scan.norms);
  const rows = evenPlaces(indices.length, ROWS);
  const sizes = evenPlaces(k, COLUMNS).map((c) =>
    Float64Array.from(rows, (row) => Math.abs(values[row * k + c])).filter((size) => size > 0)
  ).filter(({ length }) => length > 0);
  const signed = values.some((entry) => entry < 0) && values.some((entry) => entry > 0);
  const middle = (share: number) =>
    sizes.map((column) => quantiles(column, [share])[0]).filter(Number.isFinite);
  const spreads = sizes.map((column) => {
    const [first, third] = quantiles(column, [0.25, 0.75]);
    return third / first;
  });
  const typical = quantiles(Float64Array.from(middle(0.5)), [0.5])[0] * unit;
  const different = distinct(values);
  const [p5, p95] = [0.05, 0.95].map((share) =>
    quantiles(Float64Array.from(middle(share)), [0.5])[0] * unit
  );
  const spread = signed ? quantiles(Float64Array.from(spreads), [0.5])[0] : 1;
  return {
    typical,
    spread,
    range: { p5, p95 },
    meant: isMisread({ typical, spread }) && file != null
      ? meantType(file.dtype, rowsAt(items, rows.slice(0, COLUMNS).map((row) => indices[row])))
      : null,
    distinct: different > LEVELS ? null : different,
    underflow: file?.dtype === "float16" && typical < SMALLEST_FLOAT16,
  };
}

/** The order of magnitude of a size, as "1e-23". */
const power10 = (size: number) => size.toExponential(0);

const isMisread = ({ typical, spread }: Pick<StoredNumbers, "typical" | "spread">) =>
  typical < SMALLEST || typical > LARGEST || spread >= WIDEST;

/** Whether these are numbers that a model writes, and not bytes of another type. */
export const numbersMeasure: Measure<
  "numbers",
  StoredNumbers,
  "misread-numbers" | "float16-underflow" | "few-numbers"
> = {
  key: "numbers",
  section: "file",
  measure: storedNumbers,
  flags: {
    "misread-numbers": {
      kind: "fault",
      means: "bytes were read as numbers of another type",
      when:
        `numbers have a typical size below ${SMALLEST} or above ${LARGEST}, or sizes so far apart ` +
        `that the quartiles of a column are ${WIDEST.toLocaleString("en")} times from each other`,
      threshold: {
        name:
          "bytes count as read in another type where quartiles of sizes are so many times apart",
        value: WIDEST,
        source: "our choice: normally distributed numbers have 3.6, heavy tails less than 100",
      },
      misread: true,
      raised: isMisread,
      headline: ({ typical, spread, range, meant }, { file }) =>
        "These bytes were read as the wrong number type or in the wrong byte order" +
        `${file === null ? "" : ` (the file has ${file.dtype})`}: ` +
        (spread >= WIDEST
          ? `sizes range from ${power10(range.p5)} to ${power10(range.p95)}`
          : `their typical size is ${power10(typical)}`) +
        (meant === null ? "." : `; read as \`${meant}\` they are numbers of usual sizes.`),
      advice: ({ meant }) =>
        (meant === null
          ? "Find out which type they were written as, and read them so: " +
            "`y = np.frombuffer(x.tobytes(), '>f4').reshape(len(x), -1)` does for float32 in the " +
            "other byte order"
          : "In NumPy, with `x` the array as it is now: " +
            `\`y = np.frombuffer(x.tobytes(), '${meant}').reshape(len(x), -1)\``) +
        "; compare a few numbers with the source, and save `y`.",
    },
    "float16-underflow": {
      kind: "serious",
      means: "numbers too small for float16",
      when: "most numbers of a float16 file are smaller than it holds in full precision",
      threshold: {
        name: "numbers count as too small for float16 below this size",
        value: SMALLEST_FLOAT16,
        source: "the smallest float16 of full precision, 2⁻¹⁴",
      },
      raised: ({ underflow }) => underflow,
      headline: ({ typical }) =>
        `Most numbers are too small for float16: their typical size is ${
          rounded(typical)
        }, and below ${rounded(SMALLEST_FLOAT16)} float16 keeps fewer and fewer digits.`,
      advice: () => "Save the vectors as float32, or scale them before they are stored as float16.",
    },
    "few-numbers": {
      kind: "serious",
      means: "hardly any different numbers",
      when: `the numbers have only ${FEW.least} to ${FEW.most} different values`,
      raised: ({ distinct }) => distinct !== null && distinct >= FEW.least && distinct <= FEW.most,
      headline: ({ distinct }) =>
        `Only ${distinct} different numbers occur: fractions may have been cut off.`,
      advice: () =>
        "Check how the vectors were converted: `astype(int)` cuts off all fractions; scale before " +
        "rounding to 8 bits, or keep float32.",
    },
  },
};

/** As many values as 8 bits can tell apart. */
const LEVELS = 256;
/** How many rows or columns are looked at. */
const LOOKED_AT = 64;

/** How numbers were rounded before they were saved, as far as the numbers show it. */
type Quantization =
  /** All entries have 256 values at most. */
  | "one scale"
  /** Each row has a scale of its own. */
  | "a scale for each row"
  /** Each coordinate has a scale of its own. */
  | "a scale for each coordinate";

/** Finds out whether entries have been rounded to 8 bits or fewer; null where they show no sign of it. */
function quantization({ values, columns: k }: RowSample): Quantization | null {
  const m = values.length / k;
  if (values.length >= 8 * LEVELS && distinct(values) <= LEVELS) return "one scale";
  if (k >= 16 && evenRows(rowsOf(values, k))) return "a scale for each row";
  if (m < 4 * LEVELS) return null;
  const columns = columnsOf(rowsOf(values, k)).slice(0, LOOKED_AT).filter((column) =>
    distinct(column) > 1
  );
  const few = columns.length > 0 && columns.every((column) => distinct(column) <= LEVELS);
  return few ? "a scale for each coordinate" : null;
}

/** Whether all entries of a row are whole multiples of a 127th of its largest. */
function evenRows(rows: readonly Float64Array[]): boolean {
  return rows.slice(0, LOOKED_AT).every((row) => {
    const step = row.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0) / 127;
    return row.every((entry) => Math.abs(entry / step - Math.round(entry / step)) < 1e-3);
  });
}

/** How many different values there are; no more than one beyond 256 are counted. */
function distinct(values: Float64Array): number {
  const seen = new Set<number>();
  for (const value of values) {
    seen.add(value);
    if (seen.size > LEVELS) break;
  }
  return seen.size;
}

/** Signs of rounding to 8 bits or fewer; null without. */
export const quantizationMeasure: Measure<
  "quantization",
  Quantization | null,
  "quantized",
  { neighbors: NeighborChange[] }
> = {
  key: "quantization",
  section: "vectors",
  measure: ({ sample }) => quantization(sample),
  flags: {
    quantized: {
      kind: "note",
      means: "numbers were rounded to 8 bits or fewer",
      when: "the numbers have been rounded to 8 bits or fewer",
      raised: (found) => found !== null,
    },
  },
  sentences(found, { neighbors, file }) {
    const { overlap, error } = neighbors.find(({ kind }) => kind === "storage")!;
    return [
      found === null
        ? `In 8 bits, ${percentWithin(overlap, error)} of the nearest neighbors would stay.`
        : `The numbers have been rounded to 8 bits or fewer (${found}): finer differences are gone.`,
      ...file?.dtype === "uint8"
        ? [
          "The bytes were read as numbers from 0 to 255; packed bits would have to be unpacked first.",
        ]
        : [],
    ];
  },
};
