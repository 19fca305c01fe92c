import assert from "node:assert/strict";
import pl from "nodejs-polars";
import * as Plot from "@observablehq/plot";
import { decode } from "fast-png";
import { Matrix } from "ml-matrix";
import { encodePng } from "../../lib/notebook/rasterize.ts";
import {
  document,
  figure,
  figure1,
  heatmaps,
  type HeatmapsOptions,
  labeledMatrix,
  type Picture,
  table,
} from "cosine-lab/notebook";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { svgDigest } from "../../lib/notebook/svg_digest.ts";

const s = new Matrix([[1, 0.5, -1], [0.5, 1, 0], [-1, 0, 1]]);

/** The pixels of the n-th picture within a figure, as palette indices. */
function pixels(figure: Picture, n = 0): number[] {
  const urls = [...figure.svg.matchAll(/data:image\/png;base64,([^"]*)"/g)];
  return [...decode(Buffer.from(urls[n][1], "base64")).data];
}

/** What a figure shows in a notebook. */
function display(figure: Picture): Record<string, string> {
  const shown = figure as unknown as Record<symbol, () => Record<string, string>>;
  return shown[Symbol.for("Jupyter.display")]();
}

Deno.test("heatmaps() and heatmaps(): `columns` says how many panels stand in one row", () => {
  const panels = Array.from({ length: 4 }, () => ({ similarity: s }));
  const size = (options: { columns?: number }) => {
    const { svg } = heatmaps(panels, { width: 800, ...options });
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
    assert.throws(() => heatmaps(panels, { columns }), /RangeError.*columns must be an integer/);
  }
});

Deno.test("heatmaps() has a pixel for each entry, on a scale from −1 to 1", () => {
  const half = Math.round(0.75 * 126);
  assert.deepEqual(pixels(heatmaps([{ similarity: s }])), [
    126,
    half,
    0,
    half,
    126,
    63,
    0,
    63,
    126,
  ]);
});

Deno.test("heatmaps() of a larger matrix shows means of blocks, and says so", () => {
  const large = Matrix.zeros(5, 5);
  large.set(0, 0, 1);
  large.set(4, 4, 1);
  const figure = heatmaps([{ similarity: large }], { resolution: 3 });
  const level = (value: number) => Math.round((value + 1) / 2 * 126);
  const zero = level(0);
  assert.deepEqual(pixels(figure), [level(0.25), zero, zero, zero, zero, zero, zero, zero, 126]);
  assert.match(figure.description, /Each pixel is the mean over 2 × 2 pairs of items/);
});

Deno.test("heatmaps() draws its panels on one scale, with their titles", () => {
  const figure = heatmaps([
    { title: "Ground truth", similarity: s },
    { title: "D = dMat^{1/2}", similarity: Matrix.mul(s, 0.5) },
  ], { clusters: [0, 0, 1], title: "Figure 1" });
  const [first, second] = [pixels(figure, 0), pixels(figure, 1)];
  first.forEach((level, i) => assert(Math.abs((level - 63) / 2 + 63 - second[i]) <= 1));
  assert.match(figure.svg, /Ground truth/);
  assert.match(figure.svg, />D = dMat<\/tspan><tspan font-size="75%" dy="-0.50em">1\/2<\/tspan>/);
  assert.equal(figure.svg.match(/cosine similarity/g)!.length, 1);
});

Deno.test("heatmaps() draws each n-th item with `every`, and the clusters of those", () => {
  const four = new Matrix([[1, 9, 0.5, 9], [9, 9, 9, 9], [0.5, 9, -1, 9], [9, 9, 9, 9]]);
  const two = new Matrix([[1, 0.5], [0.5, -1]]);
  const clusters = [0, 1, 2, 2];
  const thinned = heatmaps([{ similarity: four }], { clusters, every: 2 });
  assert.equal(thinned.svg, heatmaps([{ similarity: two }], { clusters: [0, 2] }).svg);
  for (const every of [0, 1.5]) {
    assert.throws(
      () => heatmaps([{ similarity: four }], { every }),
      /RangeError.*every must be an integer/,
    );
  }
});

Deno.test("a figure shows itself as PNG and as text", () => {
  const figure = heatmaps([{ similarity: s }], { title: "Three items", caption: "B = V_{k}" });
  const data = display(figure);
  assert.deepEqual(Object.keys(data), ["image/png", "text/plain"]);
  const { width, height } = decode(Buffer.from(data["image/png"], "base64"));
  assert.match(figure.svg, new RegExp(`viewBox="0 0 ${width / 2} ${height / 2}"`));
  assert.equal(data["text/plain"], "Three items\nB = V_k");
});

Deno.test("the PNG that a notebook keeps names the SVG it was drawn from", () => {
  const figure = heatmaps([{ similarity: s }]);
  const digest = createHash("sha256").update(figure.svg).digest("hex");
  assert.equal(svgDigest(display(figure)["image/png"]), digest);
  assert.equal(svgDigest(figure.toDataURL().replace(/^.*,/, "")), undefined);
});

const line = () =>
  figure(Plot.plot({ document, marks: [Plot.lineY([1, 3, 2])] }), { title: "A line" });

/** The PNG of the same figure as base64, drawn by another process. */
function drawElsewhere(): string {
  const code = `
    import * as Plot from "@observablehq/plot";
    import { Buffer } from "node:buffer";
    import { document, figure } from "cosine-lab/notebook";
    const plot = Plot.plot({ document, marks: [Plot.lineY([1, 3, 2])] });
    console.log(Buffer.from(figure(plot, { title: "A line" }).toPNG()).toString("base64"));`;
  const { stdout } = new Deno.Command(Deno.execPath(), { args: ["eval", code] }).outputSync();
  return new TextDecoder().decode(stdout).trim();
}

Deno.test("the PNG of a figure is the same on every run, in every process, and scales", () => {
  const [here, there] = [line(), line()];
  assert.notEqual(here, there);
  assert.deepEqual(here.toPNG(), there.toPNG());
  assert.deepEqual(Buffer.from(here.toPNG()).toString("base64"), drawElsewhere());
  assert.equal(decode(here.toPNG(3)).width, 3 * decode(here.toPNG(1)).width);
});

Deno.test("the PNG of a figure has the colors of the SVG, and sharp pixels of a heatmap", () => {
  const { width, data, palette } = decode(
    heatmaps([{ similarity: new Matrix([[1, -1], [-1, 1]]) }]).toPNG(),
  );
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
  const { width, height, data, palette } = decode(line().toPNG());
  const opacity = (x: number, y: number) => palette![data[y * width + x]][3] ?? 255;
  for (let y = 20; y < height - 20; y++) {
    for (let x = 0; x < width; x++) assert.equal(opacity(x, y), 255, `at (${x}, ${y})`);
  }
  for (const [x, y] of [[0, 0], [width - 1, 0], [0, height - 1]]) assert.equal(opacity(x, y), 0);
});

const points = [[1 / 3, Math.PI, "a"], [2, 1, "b"]];

Deno.test("figure() draws coordinates of two decimals, the legend that was asked for, and no other", () => {
  const draw = (legend: boolean) =>
    figure(Plot.plot({
      document,
      color: { legend, range: ["red", "blue"] },
      symbol: { legend },
      marks: [Plot.dot(points, { x: "0", y: "1", fill: "2", symbol: "2" })],
    }));
  assert.doesNotMatch(draw(true).svg.replace(/href="[^"]*"/g, ""), /\d\.\d{3}/);
  assert.match(draw(true).svg, />a<\/text>/);
  assert.doesNotMatch(draw(false).svg, />a<\/text>/);
  assert.equal(draw(true).svg.match(/fill="blue"/g)!.length, 2);
});

Deno.test("figure() sets several charts below each other, on a card as wide as the widest", () => {
  const chart = (width: number) =>
    Plot.plot({ document, width, height: 100, marks: [Plot.frame()] });
  assert.match(figure([chart(200), chart(300)]).svg, /viewBox="0 0 332 232"/);
  assert.match(figure(chart(200), { width: 500 }).svg, /viewBox="0 0 500 132"/);
});

Deno.test("figure() refuses what is not a chart", () => {
  for (const wrong of [undefined, null, {}, "plot", document.createElement("p")]) {
    assert.throws(() => figure(wrong as never), /TypeError.*must be what Plot.plot/);
  }
});

Deno.test("a figure carries no style sheet that could leak out of it", () => {
  assert.doesNotMatch(figure(Plot.plot({ document, marks: [Plot.frame()] })).svg, /<style/);
  assert.doesNotMatch(heatmaps([{ similarity: s }]).svg, /<style/);
});

Deno.test("labeledMatrix() shows every entry", () => {
  const { svg } = labeledMatrix(new Matrix([[1, 0.25], [0.5, 1]]), ["a", "b"]);
  for (const text of ["1.00", "0.25", "0.50"]) assert.match(svg, new RegExp(`>${text}<`));
});

Deno.test("table() has no minus zero: on which side of 0 a rounding error is differs by machine", () => {
  assert(Object.is(table([{ value: -1e-17 }]).toRecords()[0].value, 0));
});

Deno.test("table() shows itself as HTML and as text, and an empty cell as a dash", () => {
  const frame = table([{ "a < b": 0.5, n: null }, { "a < b": 1 / 3, n: 2 }]);
  const display = (frame as never as Record<symbol, () => Record<string, string>>)[
    Symbol.for("Jupyter.display")
  ]();
  assert.deepEqual(Object.keys(display), ["text/html", "text/plain"]);
  assert.match(display["text/html"], /<th>a &lt; b<\/th>.*<td>0.5<\/td><td>–<\/td>.*<td>0.333</);
  assert.equal(display["text/plain"], "a < b\tn\n0.5\t–\n0.333\t2");
});

Deno.test("table() rounds numbers and keeps the rest", () => {
  const rows = table([{ name: "σ_{1}", value: 1 / 3, count: 5 }], 2).toRecords();
  assert.deepEqual(rows, [{ name: "σ_1", value: 0.33, count: 5 }]);
});

Deno.test("heatmaps() colors by the domain that it is given, and says what the scale shows", () => {
  const png = (options: HeatmapsOptions) =>
    heatmaps([{ similarity: s }], options).svg.match(/data:image\/png;base64,[^"]*/)![0];
  assert.equal(png({ domain: [-1, 1] }), png({}));
  assert.notEqual(png({ domain: [-0.3, 0.3] }), png({}));
  assert(
    heatmaps([{ similarity: s }], { label: "an entry of ABᵀ" }).svg.includes("an entry of ABᵀ"),
  );
});

Deno.test("figures reject bad input", () => {
  assert.throws(() => heatmaps([]), /RangeError.*at least one panel/);
  assert.throws(() => heatmaps([{ similarity: Matrix.zeros(2, 3) }]), /RangeError.*must be square/);
  assert.throws(() => heatmaps([{ similarity: new Matrix([[NaN]]) }]), RangeError);
  assert.throws(() => heatmaps([{ similarity: [[1]] as never }]), TypeError);
  assert.throws(
    () => heatmaps([{ similarity: s }], { clusters: [0] }),
    /RangeError.*each of the 3 items, there are 1/,
  );
  for (const domain of [[1, 0], [0], [0, 0]]) {
    const options = { domain: domain as never };
    assert.throws(
      () => heatmaps([{ similarity: s }], options),
      /RangeError.*the smaller one first/,
    );
  }
  const model = { name: "D = I", formula: "B" };
  assert.throws(() => figure1([model], [], [0, 0, 1]), /RangeError.*each of the 1 models, .* 0/);
  assert.throws(() => figure1([model], [s], [0]), /RangeError.*must/);
  assert.throws(() => figure1(null as never, [s], [0]), /TypeError.*must be arrays/);
  assert.throws(() => labeledMatrix(s, ["a"]), /RangeError.*must be 1 x 1/);
  assert.throws(() => table([]), RangeError);
});

Deno.test("table() takes a DataFrame", () => {
  const shown = table(pl.DataFrame({ model: ["Eq. 1"], AUC: [0.66752] }), 2);
  assert.deepEqual(shown.toRecords(), [{ model: "Eq. 1", AUC: 0.67 }]);
});
