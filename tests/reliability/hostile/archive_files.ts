import { bytesOf, utf8 } from "./bytes.ts";
import { goodRows } from "./good_rows.ts";
import type { HostileFile } from "./hostile_file.ts";
import { npyBytes } from "./npy_bytes.ts";
import { deflatedZeros, zipBytes, type ZipEntry } from "./zip_bytes.ts";

/** Hostile .npz files: bombs, wrong sums, names that climb, archives within archives. */
export function archiveFiles(seed: string): HostileFile[] {
  const content = npyBytes("'<f4'", "(64, 4)", bytesOf(Float32Array.from(goodRows(seed).flat())));
  const nan = npyBytes("'<f4'", "(64, 4)", new Uint8Array(1024).fill(255));
  const objects = npyBytes("'|O'", "(64, 4)", new Uint8Array(2048));
  const x: ZipEntry = { name: "x.npy", content };
  const bomb = { name: "x.npy", content: deflatedZeros(200), packed: true, method: 8 };
  const zip = (...entries: ZipEntry[]) => zipBytes(entries);
  const nested = zip({ name: "inner.npz", content: zip(x) });
  const cases: [string, Uint8Array, HostileFile["outcome"]][] = [
    ["bomb of 2 GB", zip({ ...bomb, size: 2e9 }), /unpacking it takes 2,000 MB/],
    ["bomb that says 1 kB", zip({ ...bomb, size: 1000 }), /can be read/],
    ["bomb of 4 GB declared", zip({ ...x, method: 8, size: 4_294_967_294 }), /unpacking it takes/],
    ["zip64 without its field", zip({ ...x, size: 0xffffffff }), /can be read|damaged/],
    ["wrong sum", zip({ ...x, crc: 12345 }), /can be read/],
    ["wrong sum, deflated", zip({ ...x, crc: 12345, method: 8 }), /can be read/],
    ["says less, deflated", zip({ ...x, method: 8, size: 500 }), /can be read/],
    ["says more, deflated", zip({ ...x, method: 8, size: 5000 }), /can be read|cut off/],
    ["says more", zip({ ...x, size: 50_000, packedSize: 50_000 }), /damaged|can be read/],
    ["sizes that differ", zip({ ...x, size: 100 }), /damaged/],
    ["begins elsewhere", zip({ ...x, offset: 40 }), /damaged|can be read/],
    ["begins beyond the end", zip({ ...x, offset: 4e9 }), /ends before byte|can be read/],
    ["not deflated", zip({ ...x, method: 8, packed: true, crc: 1 }), /can be read/],
    ["encrypted", zip({ ...x, flags: 1 }), /is encrypted/],
    ["bzip2 within", zip({ ...x, method: 12 }), /can be read/],
    ["method 99", zip({ ...x, method: 99 }), /can be read|encrypted/],
    ["climbing name", zip({ ...x, name: "../../../x.npy" }), /Unsafe filename/],
    ["absolute name", zip({ ...x, name: "/etc/x.npy" }), /Unsafe filename/],
    ["name with escapes", zip({ ...x, name: "\u001b[31m\n<script>.npy" }), "read"],
    ["empty name", zip({ ...x, name: ".npy" }), "read"],
    ["name of a prototype", zip({ ...x, name: "__proto__.npy" }), "read"],
    ["one name twice", zip(x, { ...x, content: nan }), /two arrays "x"/],
    ["two arrays", zip(x, { ...x, name: "y.npy" }), /2 arrays of two dimensions/],
    ["within another", nested, /is a zip file/],
    ["nothing", zip(), /no array of two dimensions/],
    ["a folder", zip({ name: "x.npy/", content: utf8("") }), /no array of two dimensions/],
    [
      "many entries",
      zip(...Array.from({ length: 3000 }, (_, i) => ({ name: `${i}`, content: utf8("") }))),
      /is a zip file/,
    ],
    ["no npy in it", zip({ ...x, content: utf8("no array") }), /not a \.npy file/],
    ["objects", zip({ ...x, content: objects }), /no array of two dimensions/],
    ["nan", zip({ ...x, content: nan }), /64 of 64 rows/],
    [
      "a model of PyTorch",
      zip({ name: "archive/data.pkl", content }),
      /PyTorch file, which can run/,
    ],
    ["without a directory", zip(x).slice(0, -60), /can be read/],
    ["without an end", zip(x).slice(0, -10), /can be read/],
    ["with more after it", Uint8Array.from([...zip(x), 1, 2, 3]), "either"],
    ["the end alone", zip(x).slice(-22), /can be read|no array/],
  ];
  return cases.map(([name, content, outcome]) => ({ name: `${name}.npz`, content, outcome }));
}
