import assert from "node:assert/strict";
import { InputError, openEmbeddings, type OpenOptions } from "cosine-lab/audit";
import { deflateRawSync } from "node:zlib";
import pl from "nodejs-polars";
import { withDirectory, writeNpy } from "../write_npy.ts";
import { readRows } from "./read_rows.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** A file that says much and holds nothing: the rest of its size takes no place on the disk. */
function sparse(path: string, start: Uint8Array, size: number): void {
  Deno.writeFileSync(path, start);
  Deno.truncateSync(path, size);
}

/** Opening ends in one line that matches, at once and with no memory taken. */
async function refuses(path: string, message: RegExp, options?: OpenOptions): Promise<void> {
  const before = Deno.memoryUsage().rss, start = performance.now();
  await assert.rejects(
    async () => readRows((await openEmbeddings(path, options)).rows),
    (error) => {
      assert(error instanceof InputError, `${path}: ${(error as Error).stack}`);
      assert.match(error.message, message);
      assert.match(error.message, /^[^\n\r]+$/);
      return true;
    },
  );
  const taken = (Deno.memoryUsage().rss - before) / 1e6;
  assert(taken < 300, `${path} took ${taken} MB`);
  assert(performance.now() - start < 4000, `${path} took ${performance.now() - start} ms`);
}

function npyHeader(dictionary: string, length = 118): Uint8Array {
  const start = [0x93, ...encode("NUMPY"), 1, 0, length & 255, length >> 8];
  return Uint8Array.from([...start, ...encode(dictionary.padEnd(117) + "\n")]);
}

Deno.test("what is not a file is refused, and a name cannot break the line", async () => {
  await withDirectory(async (directory) => {
    const path = (name: string) => `${directory}/${name}`;
    writeNpy(path("x.npy"), [[1, 2], [3, 4]]);
    await refuses(directory, /is not a file/);
    await refuses(path("none.npy"), /none\.npy does not exist/);
    await refuses(path("x.npy/y.npy"), /does not exist: a part of its path is a file/);
    await refuses(path(`${"x".repeat(300)}.npy`), /has a name that is too long/);
    await refuses(path("a\0b.npy"), /a\\u0000b\.npy cannot be read/);
    await refuses("", /does not exist/);
    Deno.symlinkSync(path("loop.npy"), path("loop.npy"));
    await refuses(path("loop.npy"), /symbolic links lead in a circle/);
    await refuses("/dev/zero", /is not a file/);
    assert((await new Deno.Command("mkfifo", { args: [path("pipe.npy")] }).output()).success);
    await refuses(path("pipe.npy"), /is not a file/);
    await refuses(path("a\nb\u001b[31m.npy"), /a\\nb\\u001b\[31m\.npy does not exist/);
    Deno.writeTextFileSync(path("a\nb.npy"), "1");
    await refuses(path("a\nb.npy"), /a\\nb\.npy is not a \.npy file/);
    Deno.writeTextFileSync(path("empty.csv"), "");
    await refuses(path("empty.csv"), /empty\.csv is empty/);
    Deno.symlinkSync(path("x.npy"), path("link.npy"));
    assert.deepEqual(readRows((await openEmbeddings(path("link.npy"))).rows), [[1, 2], [3, 4]]);
  });
});

Deno.test("a file that declares what it cannot hold is refused before memory is taken", async () => {
  await withDirectory(async (directory) => {
    const path = (name: string) => `${directory}/${name}`;
    const shape = (text: string) =>
      `{'descr': '<f4', 'fortran_order': False, 'shape': (${text}), }`;
    sparse(path("a.npy"), npyHeader(shape("2, 500000000")), 4_000_000_128);
    await refuses(
      path("a.npy"),
      /rows of 500,000,000 coordinates, the most that are read are 16,384/,
    );
    sparse(path("a.npy"), npyHeader(shape("4000000000, 4")), 1e6);
    await refuses(path("a.npy"), /cut off: .* takes 64000000000 bytes/);
    sparse(path("a.npy"), npyHeader(shape("999999999999999, 999999999999999")), 1e6);
    await refuses(path("a.npy"), /cut off/);
    sparse(path("a.npy"), npyHeader(shape("1 2, 3")), 1e6);
    await refuses(path("a.npy"), /a \.npy header whose shape has "1 2"/);
    sparse(path("a.npy"), npyHeader(shape("0, 3")), 1e6);
    await refuses(path("a.npy"), /has no rows/);
    const long = npyHeader("").with(6, 2);
    new DataView(long.buffer).setUint32(8, 3e9, true);
    sparse(path("a.npy"), long, 4e9);
    await refuses(path("a.npy"), /declares a header of 3,000,000,000 bytes/);
    sparse(path("a.fvecs"), Uint8Array.of(255, 255, 255, 127), 1e9);
    await refuses(path("a.fvecs"), /rows of 2,147,483,647 coordinates/);
    sparse(path("a.bin"), encode("3000000 300\n"), 1e6);
    await refuses(path("a.bin"), /cut off: 3000000 words of 300 dimensions/);
    sparse(path("a.vec"), encode("3000000 300\nthe 0.1 0.2\n"), 1e6);
    await refuses(path("a.vec"), /is cut off/);
    const header = new Uint8Array(16);
    new DataView(header.buffer).setBigUint64(0, 90_000_000_000n, true);
    header[8] = 0x7b;
    sparse(path("a.safetensors"), header, 4e9);
    await refuses(path("a.safetensors"), /no \.safetensors file, or cut off/);
    new DataView(header.buffer).setBigUint64(0, 99_000_000n, true);
    sparse(path("a.safetensors"), header, 4e9);
    await refuses(path("a.safetensors"), /its header takes 495 MB, .* is 100 MB/, { memory: 100 });
    sparse(path("a.parquet"), encode("PAR1"), 4e9);
    await refuses(path("a.parquet"), /is not a \.parquet file that can be read: it is cut off/);
    sparse(path("a.arrow"), encode("ARROW1\0\0"), 4e9);
    await refuses(
      path("a.arrow"),
      /reading it at once takes 4,000 MB, .* is 1,000 MB|no Arrow file/,
    );
  });
});

Deno.test("text without an end, without a line, or with too many columns is refused at once", async () => {
  await withDirectory(async (directory) => {
    const path = (name: string) => `${directory}/${name}`;
    for (const extension of ["csv", "tsv", "json", "jsonl", "vec", "txt"]) {
      sparse(path(`a.${extension}`), encode("1"), 3e9);
      await refuses(path(`a.${extension}`), /more than [\d,]+ (characters|bytes)|takes 6,000 MB/);
    }
    sparse(path("a.csv"), encode('x,y\n1,"'), 3e9);
    await refuses(path("a.csv"), /has a quoted cell of more than|has a line of more than/);
    for (const columns of [20_000, 1_000_000]) {
      const line = Array.from({ length: columns }, (_, c) => c % 10).join(",");
      Deno.writeTextFileSync(path("a.csv"), `${line}\n${line}\n`);
      await refuses(path("a.csv"), /rows of [\d,]+ coordinates, the most that are read are 16,384/);
    }
    Deno.writeTextFileSync(path("a.csv"), "x,y\n".padEnd(3_000_000, "0.12345,0.54321\n"));
    await refuses(path("a.csv"), /x 2 numbers takes \d MB, the limit \(memory\) is 1 MB/, {
      memory: 1,
    });
    const words = Array.from({ length: 40_000 }, (_, i) => `w${i} 0.5 0.25 0.125 0.5`).join("\n");
    Deno.writeTextFileSync(path("a.vec"), words);
    await refuses(path("a.vec"), /takes 1 MB|takes 2 MB/, { memory: 0.4 });
    Deno.writeTextFileSync(path("a.jsonl"), '{"id":1,"embedding":[1,2,3,4]}\n'.repeat(40_000));
    await refuses(path("a.jsonl"), /takes \d MB, the limit/, { memory: 0.4 });
    Deno.writeTextFileSync(path("a.json"), "[".repeat(200_000));
    await refuses(path("a.json"), /is no JSON/);
    Deno.writeTextFileSync(path("a.json"), "[".repeat(200_000) + "]".repeat(200_000));
    await refuses(path("a.json"), /is not a number|neither/);
  });
});

Deno.test("an archive that unpacks to more than it says, or than there is room, is refused", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/a.npz`;
    const rows = npyHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000, 50), }");
    const content = new Uint8Array(rows.length + 400_000_000);
    content.set(rows);
    const packed = deflateRawSync(content);
    Deno.writeFileSync(path, zipOf("x.npy", packed, content.length));
    await refuses(path, /unpacking it takes 401 MB, the limit \(memory\) is 100 MB/, {
      memory: 100,
    });
    Deno.writeFileSync(path, zipOf("x.npy", packed, 1000));
    await refuses(path, /is not a \.npz file that can be read: /, { memory: 100 });
    Deno.writeFileSync(path, zipOf("data.pkl", packed, 1000));
    await refuses(path, /is a PyTorch file, which can run code/);
  });
});

/** A zip file of one entry, which may lie about its size. */
function zipOf(name: string, packed: Uint8Array, size: number): Uint8Array {
  const file = encode(name);
  const fields = new Uint8Array(26);
  const view = new DataView(fields.buffer);
  view.setUint16(0, 20, true);
  view.setUint16(4, 8, true);
  view.setUint32(14, packed.length, true);
  view.setUint32(18, size, true);
  view.setUint16(22, file.length, true);
  const local = [...encode("PK\x03\x04"), ...fields, ...file];
  const central = [...encode("PK\x01\x02"), 20, 0, ...fields, ...new Uint8Array(14), ...file];
  const end = new Uint8Array(22);
  const last = new DataView(end.buffer);
  end.set(encode("PK\x05\x06"));
  last.setUint16(8, 1, true);
  last.setUint16(10, 1, true);
  last.setUint32(12, central.length, true);
  last.setUint32(16, local.length + packed.length, true);
  const zip = new Uint8Array(local.length + packed.length + central.length + end.length);
  zip.set(local);
  zip.set(packed, local.length);
  zip.set(central, local.length + packed.length);
  zip.set(end, local.length + packed.length + central.length);
  return zip;
}

Deno.test("a table of 20,000 columns in Parquet or Arrow is refused", async () => {
  await withDirectory(async (directory) => {
    const columns = Array.from({ length: 20_000 }, (_, c) => [`x${c}`, [c, 1]]);
    const frame = pl.DataFrame(Object.fromEntries(columns));
    frame.writeParquet(`${directory}/a.parquet`);
    await refuses(`${directory}/a.parquet`, /rows of 20,000 coordinates/);
    frame.writeIPC(`${directory}/a.arrow`);
    await refuses(`${directory}/a.arrow`, /rows of 20,000 coordinates/);
  });
});

Deno.test("what is not read is refused with what is, and what could be done", async () => {
  await withDirectory(async (directory) => {
    const cases: [string, Uint8Array, RegExp][] = [
      [
        "a.vec.gz",
        Uint8Array.of(0x1f, 0x8b, 8, 0),
        /compressed by gzip: unpack it first.*\.npy, \.npz/,
      ],
      ["a.pkl", Uint8Array.of(0x80, 4, 0x95), /a Python pickle, which can run code.*numpy\.save/],
      ["a.h5", Uint8Array.of(0x89, 0x48, 0x44, 0x46), /an HDF5 file/],
      ["a.gguf", encode("GGUF\x03\0\0\0"), /GGUF model/],
      [
        "a.xyz",
        Uint8Array.of(0, 1, 2, 3),
        /none of the kinds that are read.*\.safetensors, \.parquet/,
      ],
      ["a.npy", Uint8Array.of(0x1f, 0x8b, 8, 0), /compressed by gzip/],
    ];
    for (const [name, bytes, message] of cases) {
      Deno.writeFileSync(`${directory}/${name}`, bytes);
      await refuses(`${directory}/${name}`, message);
    }
  });
});

Deno.test("a file that is changed while it is read is noticed", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/a.npy`;
    writeNpy(path, [[1, 2], [3, 4]]);
    const { rows } = await openEmbeddings(path);
    writeNpy(path, [[1, 2], [3, 4], [5, 6]]);
    assert.throws(() => readRows(rows), /a\.npy was changed while it was read/);
    Deno.removeSync(path);
    assert.throws(() => readRows(rows), /a\.npy does not exist/);
  });
});
