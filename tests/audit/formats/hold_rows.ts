import assert from "node:assert/strict";
import { openEmbeddings, type OpenOptions } from "cosine-lab/audit";
import { withDirectory } from "../write_npy.ts";
import { readRows } from "./read_rows.ts";

/** Twelve rows of five numbers each, and what they are called. */
export const rows = Array.from(
  { length: 12 },
  (_, i) =>
    Array.from({ length: 5 }, (_, c) => Math.round(1e4 * Math.sin(7 * i + 3 * c + 1)) / 1e4),
);
export const words = [
  ..."the,Straße,東京,naïve,New York,Apollo 13,quote\",o'neil,emoji😀,x,y,zebra".split(","),
];

export type Content = string | Uint8Array<ArrayBuffer>;

/** What a file of a name and a content is read as. */
export async function open(name: string, content: Content, options?: OpenOptions) {
  let result: Awaited<ReturnType<typeof openEmbeddings>> & { values: number[][] };
  await withDirectory(async (directory) => {
    const path = `${directory}/${name}`;
    if (typeof content === "string") Deno.writeTextFileSync(path, content);
    else Deno.writeFileSync(path, content);
    const file = await openEmbeddings(path, options);
    result = { ...file, values: readRows(file.rows) };
  });
  return result!;
}

/** Asserts that a file holds the rows, under some ids. */
export async function holds(
  what: string,
  name: string,
  content: Content,
  ids?: readonly (string | number)[],
  options?: OpenOptions,
) {
  const found = await open(name, content, options);
  assert.deepEqual(
    found.values.map((row) => row.map((value) => Number(value.toPrecision(5)))),
    rows.map((row) => row.map((value) => Number(value.toPrecision(5)))),
    what,
  );
  if (ids !== undefined) assert.deepEqual(found.ids?.map(String), ids.map(String), what);
  return found;
}

/** Asserts that a file is refused by one line. */
export async function refused(what: string, name: string, content: Content, message: RegExp) {
  await assert.rejects(open(name, content), (error: Error) => {
    assert.equal(error.name, "InputError", what);
    assert.match(error.message, message, what);
    assert.doesNotMatch(error.message, /\n/, what);
    return true;
  });
}

/** A table of the rows. */
export const table = (cells: (i: number) => unknown[], header?: unknown[], mark = ",") =>
  [...header === undefined ? [] : [header], ...rows.map((_, i) => cells(i))]
    .map((line) => line.join(mark)).join("\n") + "\n";
/** A cell in quotation marks. */
export const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
