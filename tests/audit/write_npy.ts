/** How to store an array in a .npy file. */
interface NpyLayout {
  /** float16, float32 or float64, or an integer type. */
  dtype?: "f2" | "f4" | "f8" | "i4" | "i8" | "u1";
  bigEndian?: boolean;
  fortranOrder?: boolean;
  /** The version of the format. */
  version?: 1 | 2 | 3;
  shape?: number[];
}

/** Writes rows of numbers as a .npy file, as the format's specification describes it. */
export function writeNpy(path: string, rows: number[][], layout: NpyLayout = {}): void {
  const { dtype = "f4", bigEndian = false, fortranOrder = false, version = 1 } = layout;
  const shape = layout.shape ?? [rows.length, rows[0].length];
  const entries = fortranOrder ? rows[0].flatMap((_, c) => rows.map((row) => row[c])) : rows.flat();
  const descr = `${bigEndian ? ">" : "<"}${dtype}`;
  const dictionary = `{'descr': '${descr}', 'fortran_order': ${
    fortranOrder ? "True" : "False"
  }, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const prefix = version === 1 ? 10 : 12;
  const length = Math.ceil((prefix + dictionary.length + 1) / 64) * 64 - prefix;
  const header = new Uint8Array(prefix + length);
  header.set([0x93, ...new TextEncoder().encode("NUMPY"), version, 0]);
  const view = new DataView(header.buffer);
  if (version === 1) view.setUint16(8, length, true);
  else view.setUint32(8, length, true);
  header.set(new TextEncoder().encode(`${dictionary.padEnd(length - 1)}\n`), prefix);
  const size = Number(dtype[1]);
  const data = new DataView(new ArrayBuffer(entries.length * size));
  entries.forEach((entry, i) => {
    const at = i * size;
    if (dtype === "f2") data.setFloat16(at, entry, !bigEndian);
    else if (dtype === "f4") data.setFloat32(at, entry, !bigEndian);
    else if (dtype === "f8") data.setFloat64(at, entry, !bigEndian);
    else if (dtype === "i4") data.setInt32(at, entry, !bigEndian);
    else if (dtype === "i8") data.setBigInt64(at, BigInt(entry), !bigEndian);
    else data.setUint8(at, entry);
  });
  Deno.writeFileSync(path, new Uint8Array([...header, ...new Uint8Array(data.buffer)]));
}

/** Runs something with a directory of its own, which is removed after it. */
export async function withDirectory(
  run: (directory: string) => void | Promise<void>,
): Promise<void> {
  const directory = Deno.makeTempDirSync();
  try {
    await run(directory);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}
