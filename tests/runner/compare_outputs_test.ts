import assert from "node:assert/strict";
import { compareMarkup } from "../../lib/runner/compare_markup.ts";
import { compareOutputs } from "../../lib/runner/compare_outputs.ts";
import { Picture } from "../../lib/notebook/picture.ts";
import { encodeBase64 } from "../../lib/notebook/encode_base64.ts";
import { comparePng } from "../../lib/runner/compare_png.ts";
import type { Output } from "../../lib/runner/notebook.ts";
import { smallPng } from "./small_png.ts";

const display = (data: Record<string, unknown>): Output[] => [
  { output_type: "display_data", data, metadata: {} },
];

Deno.test("pictures are equal up to the rounding of a pixel's color", () => {
  assert.equal(comparePng(smallPng(), smallPng(1)), undefined);
  const difference = comparePng(smallPng(), smallPng(9));
  assert.match(difference!, /^1 of 64 pixels differ .* by up to 9, .* x = 3 to 3 and y = 2 to 2/);
  assert.match(comparePng(smallPng(), "aGk=")!, /cannot be read/);
});

Deno.test("numbers in attributes may move by 0.02, the text may not", () => {
  const svg = (x: number | string, text = "1.00", color = "#102030") =>
    `<svg><path d="M${x},2.5L3-1" fill="${color}"/><text>${text}</text></svg>`;
  assert.equal(compareMarkup(svg("1.00"), svg("1.02")), undefined);
  assert.match(compareMarkup(svg("1.00"), svg("1.03"))!, /attribute d of <path>: .*M1\.03/);
  assert.match(compareMarkup(svg(1), svg(1, "1.01"))!, /the text is "1.01", committed is "1.00"/);
  assert.equal(compareMarkup(svg(1), svg(1, "1.00", "#102130")), undefined);
  assert.match(compareMarkup(svg(1), svg(1, "1.00", "#102230"))!, /attribute fill/);
  assert.match(compareMarkup(svg(1), svg("a"))!, /attribute d/);
  assert.match(compareMarkup("<a><b/></a>", "<a><c/></a>")!, /the tag is "<c\/>"/);
  assert.match(compareMarkup("<a/>", "<a/><b/>")!, /the tag is "<b\/>"/);
});

Deno.test("pictures inside SVG and HTML are compared as pictures", () => {
  const html = (png: string) => `<img src="data:image/png;base64,${png}" width="8">`;
  assert.equal(compareMarkup(html(smallPng()), html(smallPng(1))), undefined);
  assert.match(compareMarkup(html(smallPng()), html(smallPng(9)))!, /src of <img>: 1 of 64 pixels/);
});

Deno.test("the PNG of a figure whose SVG is the same may differ along an edge", () => {
  const figure = (x: string, png: string) =>
    display({ "image/svg+xml": `<svg><circle r="${x}"/></svg>`, "image/png": png });
  const before = figure("1.00", smallPng());
  assert.deepEqual(compareOutputs(before, figure("1.01", smallPng(100))), []);
  const [svg, png, ...rest] = compareOutputs(before, figure("1.10", smallPng(9)));
  assert.match(svg, /^output 1, image\/svg\+xml: /);
  assert.match(png, /^output 1, image\/png: /);
  assert.deepEqual(rest, []);
});

/** A picture with some text and lines, as a figure has them, and its PNG. */
function drawn(options: { text?: string; at?: number; opacity?: number } = {}): Output[] {
  const { text = "item 1l", at = 20, opacity = 0.55 } = options;
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100">' +
    '<rect width="200" height="100" fill="#fff"/>' +
    `<path d="M${at},40L90,40L90,80" fill="none" stroke="#1f2328" opacity="${opacity}"/>` +
    `<rect x="120" y="${at}" width="40" height="30" fill="#0969da"/>` +
    `<text x="${at}" y="${at}" font-size="12" fill="#1f2328">${text}</text></svg>`;
  const png = encodeBase64(new Picture(svg, "").toPNG(1));
  return display({ "image/svg+xml": svg, "image/png": png });
}

Deno.test("the PNG of a figure may not lose a letter, nor its text", () => {
  for (const move of [-0.01, 0.01]) {
    assert.deepEqual(compareOutputs(drawn(), drawn({ at: 20 + move })), []);
  }
  for (const text of ["", "item 1", "tem 1l", "ite 1l"]) {
    const [{ data }] = drawn();
    const without = display({ ...data, "image/png": drawn({ text })[0].data!["image/png"] });
    const [difference, ...rest] = compareOutputs(drawn(), without);
    assert.match(difference, /^output 1, image\/png: .*a block of 16 x 16/);
    assert.deepEqual(rest, []);
  }
});

Deno.test("only coordinates and lengths may move: no opacity, size of a font or em", () => {
  const differ = (a: string, b: string) => compareMarkup(`<text ${a}/>`, `<text ${b}/>`);
  assert.match(differ(`opacity="0.55"`, `opacity="0.57"`)!, /attribute opacity/);
  assert.match(differ(`font-size="12"`, `font-size="12.01"`)!, /attribute font-size/);
  assert.match(differ(`y="0.71em"`, `y="0.72em"`)!, /attribute y/);
  assert.match(differ(`width="50%"`, `width="50.01%"`)!, /attribute width/);
  for (const name of ["x", "y2", "d", "transform", "points", "r", "cy", "height"]) {
    assert.equal(differ(`${name}="1.005,-2"`, `${name}="1.01,-2.01"`), undefined);
  }
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
