import assert from "node:assert/strict";
import { compareOutputs, comparePng } from "../../tools/notebooks/compare_outputs.ts";
import { encodedAnew, smallPng } from "./notebooks.ts";
import type { Output } from "../../tools/notebooks/outputs.ts";

const display = (data: Record<string, unknown>): Output[] => [
  { output_type: "display_data", data, metadata: {} },
];

Deno.test("pictures are equal where their pixels are", () => {
  assert.equal(comparePng(smallPng(), smallPng()), undefined);
  assert.equal(comparePng(smallPng(), encodedAnew(smallPng())), undefined);
  const difference = comparePng(smallPng(), smallPng(1));
  assert.match(
    difference!,
    /^1 of 64 pixels differ, by up to 1 of 255 .* x = 3 to 3 and y = 2 to 2/,
  );
  assert.match(comparePng(smallPng(), "aGk=")!, /cannot be read/);
  const [png, ...rest] = compareOutputs(
    display({ "image/png": smallPng(), "text/plain": "a" }),
    display({ "image/png": smallPng(9), "text/plain": "a" }),
  );
  assert.match(png, /^output 1, image\/png: 1 of 64 pixels/);
  assert.deepEqual(rest, []);
});

Deno.test("HTML has to be equal to the last digit", () => {
  const html = (x: string) => display({ "text/html": `<svg><circle r="${x}"/></svg>` });
  assert.deepEqual(compareOutputs(html("1.00"), html("1.00")), []);
  assert.match(compareOutputs(html("1.00"), html("1.01"))[0], /^output 1, text\/html: line 1 is/);
});

Deno.test("texts, formats, and the number of outputs have to be equal", () => {
  const text = (text: string): Output[] => [{ output_type: "stream", name: "stdout", text }];
  assert.deepEqual(compareOutputs(text("a\nb"), text("a\nb")), []);
  assert.deepEqual(compareOutputs(text("a\nb"), text("a\nc")), [
    `output 1, stdout: line 2 is "c", committed is "b"`,
  ]);
  assert.match(compareOutputs(text("a"), text("a\nb"))[0], /line 2 is "b", committed is missing/);
  assert.deepEqual(compareOutputs(text("a"), []), ["the outputs are none; committed are stdout"]);
  assert.match(compareOutputs(text("a"), display({ "text/plain": "a" }))[0], /it is display_data/);
  assert.match(
    compareOutputs(display({ "text/plain": "a" }), display({ "text/html": "a" }))[0],
    /text\/plain: it is missing/,
  );
});

Deno.test("compareOutputs: of a long line only the neighborhood of the first difference is shown", () => {
  const long = (digit: string) =>
    display({ "text/html": `<div>${"x".repeat(5000)}0.85${digit}${"y".repeat(5000)}</div>` });
  const [said] = compareOutputs(long("1"), long("2"));
  assert.match(said, /^output 1, text\/html: line 1 from character 4985 is "…x+0\.852y+…", /);
  assert.match(said, /committed is "…x+0\.851y+…"; they first differ in character 5010$/);
  assert(said.length < 400, String(said.length));
  const [missing] = compareOutputs(
    display({ "text/plain": "a".repeat(5000) }),
    display({
      "text/plain": "a".repeat(4000),
    }),
  );
  assert.match(missing, /is "…a+", committed is "…a+…"; they first differ in character 4001$/);
  const [line] = compareOutputs(
    display({ "text/plain": "a" }),
    display({
      "text/plain": `a\n${"b".repeat(5000)}`,
    }),
  );
  assert.match(line, /line 2 is "b{100}…", committed is missing$/);
});
