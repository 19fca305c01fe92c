import assert from "node:assert/strict";
import * as Plot from "@observablehq/plot";
import { decode } from "fast-png";
import { Matrix } from "ml-matrix";
import { encodePng } from "../../lib/notebook/encode_png.ts";
import { chart, type Figure, figure1, heatmap, labeledMatrix, table } from "cosine-lab/notebook";
import { Buffer } from "node:buffer";

const s = new Matrix([[1, 0.5, -1], [0.5, 1, 0], [-1, 0, 1]]);

/** The pixels of the n-th picture within a figure, as palette indices. */
function pixels(figure: Figure, n = 0): number[] {
  const urls = [...figure.svg.matchAll(/data:image\/png;base64,([^"]*)"/g)];
  return [...decode(Buffer.from(urls[n][1], "base64")).data];
}

/** What a figure shows in a notebook. */
function display(figure: Figure): Record<string, string> {
  const shown = figure as unknown as Record<symbol, () => Record<string, string>>;
  return shown[Symbol.for("Jupyter.display")]();
}

Deno.test("heatmap() and figure1(): `columns` says how many panels stand in one row", () => {
  const panels = Array.from({ length: 4 }, () => ({ similarity: s }));
  const size = (options: { columns?: number }) => {
    const { svg } = figure1(panels, { width: 800, ...options });
    const images = [...svg.matchAll(/<image [^>]*?width="([\d.]+)"/g)].map((m) => Number(m[1]));
    return {
      side: images[0],
      panels: images.length,
      height: Number(/height="([\d.]+)"/.exec(svg)![1]),
    };
  };
  const [wide, two] = [size({}), size({ columns: 2 })];
  assert.deepEqual([wide.panels, two.panels], [4, 4]);
  // Two in a row are more than twice as wide as four, with fewer gaps, and there are two rows.
  assert(two.side > 2 * wide.side);
  assert(two.height > wide.height + two.side);
  assert.deepEqual(size({ columns: 4 }), wide);
  for (const columns of [0, 1.5]) {
    assert.throws(() => figure1(panels, { columns }), /RangeError.*columns must be an integer/);
  }
});

Deno.test("heatmap() has a pixel for each entry, on a scale from −1 to 1", () => {
  const half = Math.round(0.75 * 126);
  assert.deepEqual(pixels(heatmap(s)), [126, half, 0, half, 126, 63, 0, 63, 126]);
});

Deno.test("heatmap() of a larger matrix shows means of blocks, and says so", () => {
  const large = Matrix.zeros(5, 5);
  large.set(0, 0, 1);
  large.set(4, 4, 1);
  const figure = heatmap(large, { resolution: 3 });
  const level = (value: number) => Math.round((value + 1) / 2 * 126);
  const zero = level(0);
  assert.deepEqual(pixels(figure), [level(0.25), zero, zero, zero, zero, zero, zero, zero, 126]);
  assert.match(figure.description, /Each pixel is the mean over 2 × 2 pairs of items/);
});

Deno.test("figure1() draws its panels on one scale, with their titles", () => {
  const figure = figure1([
    { title: "Ground truth", similarity: s },
    { title: "D = dMat^{1/2}", similarity: Matrix.mul(s, 0.5) },
  ], { clusters: [0, 0, 1], title: "Figure 1" });
  const [first, second] = [pixels(figure, 0), pixels(figure, 1)];
  first.forEach((level, i) => assert(Math.abs((level - 63) / 2 + 63 - second[i]) <= 1));
  assert.match(figure.svg, /Ground truth/);
  assert.match(figure.svg, />D = dMat<\/tspan><tspan font-size="75%" dy="-0.50em">1\/2<\/tspan>/);
  assert.equal(figure.svg.match(/cosine similarity/g)!.length, 1);
});

Deno.test("a figure shows itself as PNG and as text", () => {
  const figure = heatmap(s, { title: "Three items", caption: "B = V_{k}" });
  const data = display(figure);
  assert.deepEqual(Object.keys(data), ["image/png", "text/plain"]);
  const { width, height } = decode(Buffer.from(data["image/png"], "base64"));
  assert.match(figure.svg, new RegExp(`viewBox="0 0 ${width / 2} ${height / 2}"`));
  assert.equal(data["text/plain"], "Three items\nB = V_k");
});

Deno.test("the PNG of a figure is the same on every run, and scales", () => {
  const figure = chart({ title: "A line", marks: [Plot.lineY([1, 3, 2])] });
  assert.deepEqual(figure.toPNG(), figure.toPNG());
  assert.equal(decode(figure.toPNG(3)).width, 3 * decode(figure.toPNG(1)).width);
});

Deno.test("the PNG of a figure has the colors of the SVG, and sharp pixels of a heatmap", () => {
  const { width, data, palette } = decode(heatmap(new Matrix([[1, -1], [-1, 1]])).toPNG());
  // The two panels' colors, on the left and on the right of the boundary between two pixels.
  const row = Array.from(
    { length: 880 },
    (_, x) => palette![data[300 * width + x]].slice(0, 3).join(),
  );
  const [red, blue] = ["103,0,31", "5,48,97"];
  assert(row.includes(red) && row.includes(blue));
  const between = row.slice(100, 800).filter((color) => color !== red && color !== blue);
  assert(between.length <= 2, `${between.length} pixels between the colors`);
});

Deno.test("encodePng() keeps up to 256 colors, and changes more colors by little, rare ones too", () => {
  const picture = (count: number) => {
    const data = new Uint8Array(4 * 64 * 64).fill(255);
    for (let i = 0; i < count; i++) data.set([i % 256, 7 * i % 256, (i * i) % 256], 4 * i);
    return { width: 64, height: 64, data };
  };
  const error = (count: number) => {
    const { data: original } = picture(count);
    const { data, palette } = decode(encodePng(picture(count)));
    return Math.max(
      ...[...data].flatMap((index, pixel) =>
        palette![index].slice(0, 3).map((value, c) => Math.abs(value - original[4 * pixel + c]))
      ),
    );
  };
  assert.equal(error(255), 0);
  assert(error(2000) <= 32, `a channel changed by ${error(2000)}`);
});

Deno.test("the PNG of a figure is opaque, but for the rounded corners of the card", () => {
  const figure = chart({
    title: "A line",
    color: { legend: true },
    marks: [Plot.lineY([1, 3, 2])],
  });
  const { width, height, data, palette } = decode(figure.toPNG());
  const opacity = (x: number, y: number) => palette![data[y * width + x]][3] ?? 255;
  for (let y = 20; y < height - 20; y++) {
    for (let x = 0; x < width; x++) assert.equal(opacity(x, y), 255, `at (${x}, ${y})`);
  }
  for (const [x, y] of [[0, 0], [width - 1, 0], [0, height - 1]]) assert.equal(opacity(x, y), 0);
});

Deno.test("chart() is the same for the same data, and has coordinates of two decimals", () => {
  const draw = () =>
    chart({
      color: { legend: true },
      marks: [Plot.dot([[1 / 3, Math.PI, "a"], [2, 1, "b"]], { x: "0", y: "1", fill: "2" })],
    });
  assert.equal(draw().svg, draw().svg);
  assert.doesNotMatch(draw().svg.replace(/href="[^"]*"/g, ""), /\d\.\d{3}/);
  assert.match(draw().svg, />a<\/text>/);
});

Deno.test("a figure carries no style sheet that could leak out of it", () => {
  assert.doesNotMatch(chart({ marks: [Plot.frame()] }).svg, /<style/);
  assert.doesNotMatch(heatmap(s).svg, /<style/);
});

Deno.test("labeledMatrix() shows every entry", () => {
  const { svg } = labeledMatrix(new Matrix([[1, 0.25], [0.5, 1]]), ["a", "b"]);
  for (const text of ["1.00", "0.25", "0.50"]) assert.match(svg, new RegExp(`>${text}<`));
});

Deno.test("table() has no minus zero: on which side of 0 a rounding error is differs by machine", () => {
  assert(Object.is(table([{ value: -1e-17 }]).toRecords()[0].value, 0));
});

Deno.test("table() rounds numbers and keeps the rest", () => {
  const rows = table([{ name: "σ_{1}", value: 1 / 3, count: 5 }], 2).toRecords();
  assert.deepEqual(rows, [{ name: "σ_1", value: 0.33, count: 5 }]);
});

Deno.test("figures reject bad input", () => {
  assert.throws(() => figure1([]), /RangeError.*at least one panel/);
  assert.throws(() => heatmap(Matrix.zeros(2, 3)), /RangeError.*must be square/);
  assert.throws(() => heatmap(new Matrix([[NaN]])), RangeError);
  assert.throws(() => heatmap([[1]] as never), TypeError);
  assert.throws(
    () => heatmap(s, { clusters: [0] }),
    /RangeError.*each of the 3 items, there are 1/,
  );
  assert.throws(() => labeledMatrix(s, ["a"]), /RangeError.*must be 1 x 1/);
  assert.throws(() => table([]), RangeError);
});
