import assert from "node:assert/strict";
import { parseNotebook } from "../../lib/io/notebook_file.ts";

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
