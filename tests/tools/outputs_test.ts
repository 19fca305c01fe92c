import assert from "node:assert/strict";
import { type Notebook, parseNotebook } from "../../lib/io/notebook_file.ts";
import { normalize, normalizeOutputs, serialize } from "../../tools/notebooks/outputs.ts";
import { notebookOf } from "./notebooks.ts";

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
