import assert from "node:assert/strict";
import { type Output, OutputCollector } from "../../tools/notebooks/outputs.ts";
import type { Message } from "../../tools/notebooks/zmtp.ts";

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
