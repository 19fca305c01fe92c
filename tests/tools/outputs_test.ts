import assert from "node:assert/strict";
import { compareOutputs, comparePng } from "../../tools/notebooks/compare_outputs.ts";
import { type Output, OutputCollector } from "../../tools/notebooks/outputs.ts";
import type { Message } from "../../tools/notebooks/zmtp.ts";
import { encodedAnew, smallPng } from "./notebooks.ts";

function message(msg_type: string, content: Record<string, unknown>): Message {
  const header = { msg_id: "", msg_type, session: "", username: "", date: "", version: "5.3" };
  return { header, parent: {}, content };
}

function display(text: string, display_id?: string, type = "display_data"): Message {
  return message(type, { data: { "text/plain": text }, metadata: {}, transient: { display_id } });
}

const shown = (outputs: Output[]) => outputs.map(({ data }) => data?.["text/plain"]);

Deno.test("an update changes the display of that id, also of an earlier cell, and no other", () => {
  const collector = new OutputCollector();
  const first: Output[] = [], second: Output[] = [];
  collector.add(display("0%", "bar"), first);
  collector.add(display("other", "else"), first);
  collector.add(display("anonymous"), first);
  collector.add(display("again", "bar"), second);
  collector.add(display("100%", "bar", "update_display_data"), second);
  assert.deepEqual(shown(first), ["100%", "other", "anonymous"]);
  assert.deepEqual(shown(second), ["100%"]);
  assert.ok(!JSON.stringify([first, second]).includes("bar"));
});

Deno.test("clear_output clears at once, or with the next output", () => {
  const collector = new OutputCollector();
  const outputs: Output[] = [];
  collector.add(display("a"), outputs);
  collector.add(message("clear_output", { wait: true }), outputs);
  assert.deepEqual(shown(outputs), ["a"]);
  collector.add(display("b"), outputs);
  assert.deepEqual(shown(outputs), ["b"]);
  collector.add(message("clear_output", {}), outputs);
  assert.deepEqual(outputs, []);
});

Deno.test("the form that VS Code prefers and cannot show is left out where there is HTML", () => {
  const collector = new OutputCollector();
  const outputs: Output[] = [];
  const hidden = { "application/vnd.dataresource+json": { data: [] } };
  const both = { ...hidden, "text/html": "<table></table>" };
  collector.add(message("display_data", { data: both, transient: { display_id: "t" } }), outputs);
  collector.add(message("execute_result", { data: both }), outputs);
  collector.add(message("execute_result", { data: hidden }), outputs);
  const forms = () => outputs.map(({ data }) => Object.keys(data!));
  assert.deepEqual(forms(), [["text/html"], ["text/html"], Object.keys(hidden)]);
  collector.add(
    message("update_display_data", { data: both, transient: { display_id: "t" } }),
    outputs,
  );
  assert.deepEqual(forms()[0], ["text/html"]);
});

const displayed = (data: Record<string, unknown>): Output[] => [
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
    displayed({ "image/png": smallPng(), "text/plain": "a" }),
    displayed({ "image/png": smallPng(9), "text/plain": "a" }),
  );
  assert.match(png, /^output 1, image\/png: 1 of 64 pixels/);
  assert.deepEqual(rest, []);
});

Deno.test("HTML has to be equal to the last digit", () => {
  const html = (x: string) => displayed({ "text/html": `<svg><circle r="${x}"/></svg>` });
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
  assert.match(
    compareOutputs(text("a"), displayed({ "text/plain": "a" }))[0],
    /it is display_data/,
  );
  assert.match(
    compareOutputs(displayed({ "text/plain": "a" }), displayed({ "text/html": "a" }))[0],
    /text\/plain: it is missing/,
  );
});

Deno.test("compareOutputs: of a long line only the neighborhood of the first difference is shown", () => {
  const long = (digit: string) =>
    displayed({ "text/html": `<div>${"x".repeat(5000)}0.85${digit}${"y".repeat(5000)}</div>` });
  const [said] = compareOutputs(long("1"), long("2"));
  assert.match(said, /^output 1, text\/html: line 1 from character 4985 is "…x+0\.852y+…", /);
  assert.match(said, /committed is "…x+0\.851y+…"; they first differ in character 5010$/);
  assert(said.length < 400, String(said.length));
  const [missing] = compareOutputs(
    displayed({ "text/plain": "a".repeat(5000) }),
    displayed({
      "text/plain": "a".repeat(4000),
    }),
  );
  assert.match(missing, /is "…a+", committed is "…a+…"; they first differ in character 4001$/);
  const [line] = compareOutputs(
    displayed({ "text/plain": "a" }),
    displayed({
      "text/plain": `a\n${"b".repeat(5000)}`,
    }),
  );
  assert.match(line, /line 2 is "b{100}…", committed is missing$/);
});
