import assert from "node:assert/strict";
import { type EmbeddingRows, openEmbeddings } from "cosine-lab/audit";
import { fileSource } from "../../../lib/audit/formats/open_embeddings.ts";
import { npyVector } from "../../../lib/audit/formats/npy.ts";
import { withDirectory, writeNpy } from "../write_npy.ts";

const rows = [[1, -2.5, 0.125], [1024, 0, -0.75], [3, 4, 5], [-6, 7.5, 8]];

function read(source: EmbeddingRows): number[][] {
  const all: number[][] = [];
  for (const block of source.blocks()) {
    assert.equal(block.start, all.length);
    for (let i = 0; i < block.rows; i++) {
      all.push([...block.values.subarray(i * source.columns, (i + 1) * source.columns)]);
    }
  }
  return all;
}

Deno.test("a .npy file is read in every dtype, byte order, order and format version", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/x.npy`;
    for (const dtype of ["f2", "f4", "f8"] as const) {
      for (const bigEndian of [false, true]) {
        for (const fortranOrder of [false, true]) {
          for (const version of [1, 2, 3] as const) {
            writeNpy(path, rows, { dtype, bigEndian, fortranOrder, version });
            const source = (await openEmbeddings(path)).rows;
            assert.deepEqual([source.rows, source.columns], [4, 3]);
            assert.deepEqual(read(source), rows);
          }
        }
      }
    }
  });
});

Deno.test("a large .npy file is read in blocks of bounded size, in either order", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/x.npy`;
    const many = Array.from(
      { length: 9000 },
      (_, i) => Array.from({ length: 250 }, (_, c) => i - c),
    );
    for (const fortranOrder of [false, true]) {
      writeNpyFast(path, many, fortranOrder);
      const source = (await openEmbeddings(path)).rows;
      let blocks = 0;
      for (const { start, rows, values } of source.blocks()) {
        blocks++;
        assert(values.length <= 2 ** 20);
        assert.deepEqual(values[0], start);
        assert.deepEqual(values[rows * 250 - 1], start + rows - 1 - 249);
      }
      assert(blocks > 1);
      // A second pass finds the same.
      let sum = 0;
      for (const { rows } of source.blocks()) sum += rows;
      assert.equal(sum, 9000);
    }
  });
});

function writeNpyFast(path: string, rows: number[][], fortranOrder: boolean): void {
  writeNpy(path, [[0]], { fortranOrder, shape: [rows.length, rows[0].length] });
  const flat = fortranOrder ? rows[0].flatMap((_, c) => rows.map((row) => row[c])) : rows.flat();
  Deno.truncateSync(path, 128);
  Deno.writeFileSync(path, new Uint8Array(Float32Array.from(flat).buffer), { append: true });
}

Deno.test("a .npy vector is read with its integers", async () => {
  await withDirectory((directory) => {
    const path = `${directory}/x.npy`;
    for (const dtype of ["i4", "i8", "u1", "f8"] as const) {
      writeNpy(path, [[3, 0, 200]], { dtype, shape: [3] });
      assert.deepEqual([...npyVector(fileSource(path), 100)], [3, 0, 200]);
    }
    writeNpy(path, rows);
    assert.throws(
      () => npyVector(fileSource(path), 100),
      /must be an array of one dimension, its shape is \(4, 3\)/,
    );
  });
});

Deno.test("a .npy file that cannot be used is named, with what is wrong", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/x.npy`;
    const fails = (message: RegExp) =>
      assert.rejects(openEmbeddings(path), { name: "InputError", message });
    writeNpy(path, rows);
    const whole = Deno.readFileSync(path);
    const cases: [Uint8Array, RegExp][] = [
      [
        whole.subarray(0, whole.length - 1),
        /cut off: it needs 48 bytes for an array of shape \(4, 3\) of float32, 47 are there: some 3 of 4 rows/,
      ],
      [whole.subarray(0, 60), /cut off: it ends within the header/],
      [whole.subarray(0, 7), /cut off: it ends within the header/],
      [whole.subarray(1), /not a \.npy file: it does not start with/],
      [new Uint8Array(0), /x\.npy is empty/],
      [whole.with(6, 9), /format version 9/],
      [new TextEncoder().encode("user,item\n1,2\n"), /not a \.npy file/],
      [
        Uint8Array.from(whole, (byte, i) => i >= 10 && i < 20 ? 32 : byte),
        /header without descr, fortran_order or shape/,
      ],
    ];
    for (const [bytes, message] of cases) {
      Deno.writeFileSync(path, bytes);
      await fails(message);
    }
    writeNpy(path, rows, { shape: [12] });
    await fails(/must be an array of two dimensions, items x coordinates, its shape is \(12\)/);
    for (const descr of ["'<c8'", "'<U2'", "[('x', '<f4')]"]) {
      Deno.writeFileSync(
        path,
        withHeader(`{'descr': ${descr}, 'fortran_order': False, 'shape': (1, 1), }`),
      );
      await fails(/has dtype .*\. Convert (it|numbers): np\.save/);
    }
    Deno.writeFileSync(
      path,
      withHeader("{'descr': '|O', 'fortran_order': False, 'shape': (1, 1), }"),
    );
    await fails(/dtype object, a pickle .*np\.stack\(np\.load/);
  });
});

function withHeader(dictionary: string): Uint8Array {
  const header = new TextEncoder().encode(dictionary.padEnd(117) + "\n");
  return new Uint8Array([
    0x93,
    78,
    85,
    77,
    80,
    89,
    1,
    0,
    header.length,
    0,
    ...header,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  ]);
}
