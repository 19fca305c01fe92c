import assert from "node:assert/strict";
import {
  normalize,
  normalizeOutputs,
  type Notebook,
  parseNotebook,
  serialize,
} from "../../tools/notebooks/notebook_file.ts";
import { notebookOf } from "./notebooks.ts";

const code = { cell_type: "code", metadata: {}, source: "1", outputs: [] };
const stream = { output_type: "stream", name: "stdout" };
const display = { output_type: "display_data", metadata: {} };

function parsed(cell: unknown) {
  return parseNotebook(JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4 }));
}

Deno.test("parseNotebook() says which cell is malformed, and how", () => {
  const wrong: [unknown, RegExp][] = [
    [null, /position 1 is of another type/],
    [7, /position 1 is of another type/],
    [{ ...code, source: 1 }, /position 1 has a source that is neither/],
    [{ ...code, source: ["1", 2] }, /position 1 has a source that is neither/],
    [{ ...code, metadata: null }, /position 1 has metadata that are no object/],
    [{ ...code, id: 5 }, /position 1 has an id that is no text/],
    [{ ...code, outputs: {} }, /position 1 has outputs that are no list/],
    [{ ...code, outputs: null }, /position 1 has outputs that are no list/],
    [{ ...code, outputs: [{ ...stream, text: "a" }, null] }, /has an output, number 2, that/],
    [{ ...code, outputs: [{ ...stream, text: 5 }] }, /has an output, number 1, that/],
    [{ ...code, outputs: [{ output_type: "pyout" }] }, /has an output, number 1, that/],
    [{ ...code, outputs: [{ ...display, data: 5 }] }, /has an output, number 1, that/],
    [{ ...code, outputs: [{ ...display, data: { "text/plain": {} } }] }, /number 1, that/],
    [{ cell_type: "markdown", source: "", attachments: 5 }, /attachments that are no object/],
  ];
  for (const [cell, expected] of wrong) {
    assert.throws(() => parsed(cell), { name: "TypeError", message: expected });
  }
  assert.throws(() => parseNotebook(`{"cells":[],"metadata":5,"nbformat":4}`), /its metadata must/);
});

Deno.test("parseNotebook() takes what Jupyter writes", () => {
  const outputs = [
    { ...stream, text: ["a\n", "b"] },
    { ...display, data: { "text/html": ["<p>"], "application/json": { a: 1 } } },
    { ...display, data: { "application/vnd.vega.v5+json": { marks: [] } } },
    { output_type: "error", ename: "E", evalue: "e", traceback: [] },
  ];
  const cell = { ...code, source: ["1\n", "2"], outputs };
  assert.deepEqual(parsed(cell).cells, [cell]);
});

Deno.test("normalize keeps cell ids and makes up the missing ones", () => {
  const notebook = notebookOf(["1", "2", "3", "4"]);
  notebook.cells[1].id = "mine";
  notebook.cells[2].id = "mine";
  notebook.cells[3].id = "cell-1";
  const ids = normalize(notebook).cells.map((cell) => cell.id);
  assert.deepEqual(ids, ["cell-1-2", "mine", "cell-3", "cell-1"]);
});

Deno.test("normalize counts the code cells that are not blank", () => {
  const notebook = notebookOf(["1", "  \n", "3"]);
  notebook.cells.splice(1, 0, { cell_type: "markdown", metadata: {}, source: "text" });
  const counts = normalize(notebook).cells.map((cell) => cell.execution_count);
  assert.deepEqual(counts, [1, undefined, null, 2]);
});

Deno.test("normalize names the Deno kernel and leaves versions and editors' state out", () => {
  const notebook = notebookOf(["1"]);
  notebook.metadata = {
    language_info: { name: "typescript", version: "5.0.0" },
    title: "kept",
    vscode: { interpreter: 1 },
  };
  notebook.cells[0].metadata = { tags: ["kept"], scrolled: true, execution: { started: "now" } };
  const { metadata, cells, nbformat, nbformat_minor } = normalize(notebook);
  assert.deepEqual(metadata.kernelspec, {
    display_name: "Deno",
    language: "typescript",
    name: "deno",
  });
  assert.ok(!("version" in (metadata.language_info as object)));
  assert.equal(metadata.title, "kept");
  assert.ok(!("vscode" in metadata));
  assert.deepEqual(cells[0].metadata, { tags: ["kept"] });
  assert.deepEqual([nbformat, nbformat_minor], [4, 5]);
});

Deno.test("normalize stores texts as lines and Base64 as one string", () => {
  const data = {
    "text/html": "<b>\n</b>",
    "image/svg+xml": "<svg>\n</svg>\n",
    "image/png": "aGk=\n",
    "application/json": ["a\n", { b: 1 }],
    "text/plain": "\u001b[33m2\u001b[39m",
  };
  const notebook = notebookOf(["a\nb"], [[{ output_type: "display_data", data }]]);
  const [cell] = normalize(notebook).cells;
  assert.deepEqual(cell.source, ["a\n", "b"]);
  assert.deepEqual(cell.outputs?.[0].data, {
    "text/html": ["<b>\n", "</b>"],
    "image/svg+xml": ["<svg>\n", "</svg>\n"],
    "image/png": "aGk=",
    "application/json": ["a\n", { b: 1 }],
    "text/plain": ["2"],
  });
});

Deno.test("normalizeOutputs merges neighboring texts and puts texts, displays, result in order", () => {
  const outputs = normalizeOutputs([
    { output_type: "execute_result", data: { "text/plain": "1" } },
    { output_type: "stream", name: "stdout", text: "a\n" },
    { output_type: "display_data", data: { "text/plain": "shown" } },
    { output_type: "stream", name: "stdout", text: ["b\n", "c"] },
    { output_type: "stream", name: "stderr", text: "d" },
    { output_type: "stream", name: "stdout", text: "e" },
  ], 7);
  assert.deepEqual(outputs.map((output) => output.text ?? output.data), [
    ["a\n", "b\n", "c"],
    ["d"],
    ["e"],
    { "text/plain": ["shown"] },
    { "text/plain": ["1"] },
  ]);
  assert.equal(outputs.at(-1)?.execution_count, 7);
});

Deno.test("serialize is stable, and does not depend on the order of keys", () => {
  const notebook = notebookOf(["const a = 'é';", ""]);
  const text = serialize(notebook);
  assert.equal(serialize(parseNotebook(text)), text);
  const turned = Object.fromEntries(Object.entries(notebook).reverse()) as unknown as Notebook;
  assert.equal(serialize(turned), text);
  assert.ok(text.endsWith("}\n"));
});

Deno.test("parseNotebook says what is wrong with the text", () => {
  assert.throws(() => parseNotebook("{"), /Cannot read the notebook: it is no JSON/);
  assert.throws(() => parseNotebook("null"), /no list of cells/);
  assert.throws(() => parseNotebook(`{"cells":[],"nbformat":3}`), /its format must be 4, it is 3/);
  assert.throws(
    () => parseNotebook(`{"cells":[{"cell_type":"x"}],"nbformat":4}`),
    /position 1 is of another type/,
  );
});
