import { decode, encode } from "fast-png";
import { join } from "node:path";
import type { Cell, Notebook } from "../../tools/notebooks/notebook_file.ts";
import { encodeBase64 } from "../../lib/notebook/picture.ts";
import { encodePng } from "../../lib/notebook/rasterize.ts";
import type { Output } from "../../tools/notebooks/outputs.ts";

/** A notebook of code cells. */
export function notebookOf(
  sources: readonly string[],
  outputs: readonly Output[][] = [],
): Notebook {
  const cells = sources.map((source, i): Cell => ({
    cell_type: "code",
    metadata: {},
    source,
    outputs: outputs[i] ?? [],
    execution_count: null,
  }));
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

/** Runs a test in a new folder with a notebook of the given cells in it, and deletes the folder. */
export async function withNotebook(
  sources: readonly string[],
  test: (path: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "notebook-" });
  try {
    const path = join(folder, "some.ipynb");
    await Deno.writeTextFile(path, JSON.stringify(notebookOf(sources)));
    await test(path, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A gray 8 x 8 picture as Base64, in which one pixel, at x = 3 and y = 2, is brighter. */
export function smallPng(brighter = 0): string {
  const data = new Uint8Array(8 * 8 * 4).fill(128);
  data[4 * (2 * 8 + 3)] += brighter;
  return encode({ width: 8, height: 8, data, channels: 4 }).reduce(
    (text, byte) => text + String.fromCharCode(byte),
    "",
  ).replace(/^[\s\S]*$/, btoa);
}

/** The same pixels in another file, with a palette and perhaps texts, as Base64. */
export function encodedAnew(png: string, text?: Record<string, string>): string {
  const { width, height, data } = decode(Uint8Array.from(atob(png), (c) => c.charCodeAt(0)));
  return encodeBase64(encodePng({ width, height, data: Uint8Array.from(data) }, text));
}
