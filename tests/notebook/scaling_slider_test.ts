import assert from "node:assert/strict";
import {
  cosineSimilarity,
  denoisingEmbeddings,
  denoisingSpectrum,
  neighborPrecision,
  rescale,
  sameClusterAuc,
  simulateInteractions,
  truncatedSVD,
} from "cosine-lab";
import { scalingSlider } from "cosine-lab/notebook";
import { parseHTML } from "linkedom";
import { Matrix } from "ml-matrix";
import {
  aucOf,
  chanceOf,
  cosinesUnder,
  precisionOf,
  type SliderModel,
} from "../../lib/notebook/scaling_slider_client.ts";

const { interactions, clusters } = simulateInteractions({
  users: 500,
  items: 60,
  clusters: 3,
  seed: "slider",
});
const svd = truncatedSVD(interactions, { rank: 6 });
const spectrum = denoisingSpectrum(svd, 300);
const { html } = scalingSlider(svd.V, spectrum, clusters, { title: "A <title>" });

function modelOf(html: string): SliderModel {
  const { document } = parseHTML(`<html><body>${html}</body></html>`);
  return JSON.parse(document.querySelector(".cosine-lab-slider")!.getAttribute("data-model")!);
}

Deno.test("scalingSlider's page computes the cosines, the AUC and the precision that the library does", () => {
  const model = modelOf(html);
  const rows = new Int16Array(Uint8Array.from(atob(model.rows), (c) => c.charCodeAt(0)).buffer);
  for (const [alpha, k] of [[-1, 6], [0, 6], [0.5, 6], [0, 3], [0.5, 2]]) {
    const cosines = cosinesUnder(rows, model.items, model.spectrum, alpha, k);
    const eq1 = denoisingEmbeddings(svd, { lambda: 300, rank: k });
    const d = spectrum.subarray(0, k).map((value) => value ** alpha);
    const s = cosineSimilarity(rescale(eq1, d).B);
    s.to1DArray().forEach((value, i) => assert(Math.abs(value - cosines[i]) < 1e-3));
    assert(Math.abs(aucOf(cosines, model.clusters) - sameClusterAuc(s, clusters)) < 1e-3);
    const precision = neighborPrecision(s, clusters, 10);
    assert(Math.abs(precisionOf(cosines, model.clusters) - precision) < 0.01);
  }
});

Deno.test("scalingSlider's page counts ties of cosines half in the AUC, as the library does", () => {
  assert.equal(aucOf(new Float64Array(9), [0, 0, 1]), 0.5);
  assert.equal(aucOf(new Float64Array(9), [1, 0, 0]), 0.5);
  const vectors = [[1, 0], [0, 1], [1, 0], [0, 2], [1, 1]];
  for (const labels of [[0, 0, 1, 1, 1], [1, 1, 1, 0, 0], [0, 1, 0, 1, 0]]) {
    const s = cosineSimilarity(new Matrix(vectors));
    assert.equal(aucOf(s.to1DArray(), labels), sameClusterAuc(s, labels));
  }
});

Deno.test("scalingSlider's page knows the precision of chance", () => {
  assert.equal(chanceOf([0, 0, 1]), 1 / 3);
  const zeros = new Float64Array(9);
  assert.equal(precisionOf(zeros, [0, 0, 1]), 1 / 3);
});

Deno.test("scalingSlider holds all it needs: script, data and a picture, no network", () => {
  assert.doesNotMatch(html, /https?:\/\/(?!www\.w3\.org)/);
  assert.match(html, /<img alt="[^"]*" [^>]*src="data:image\/png;base64,/);
  assert(html.includes("A &lt;title&gt;"));
  const [, script] = html.match(/<script>([\s\S]*)<\/script>/)!;
  // It parses as what a browser runs, without types.
  new Function(script);
});

Deno.test("scalingSlider's script puts a slider in the place of the picture, once", () => {
  const { document, Event, HTMLElement } = parseHTML(`<html><body>${html}</body></html>`);
  const drawn: number[] = [];
  const context = {
    createImageData: (width: number, height: number) => ({
      data: new Uint8ClampedArray(4 * width * height),
    }),
    putImageData: ({ data }: { data: Uint8ClampedArray }) => drawn.push(data[0]),
  };
  const create = document.createElement.bind(document);
  document.createElement =
    ((name: string) =>
      Object.assign(create(name), name === "canvas" ? { getContext: () => context } : {})) as never;
  const [, script] = html.match(/<script>([\s\S]*)<\/script>/)!;
  const run = new Function("document", "HTMLElement", script);
  run(document, HTMLElement);
  run(document, HTMLElement);
  assert.equal(drawn.length, 1);
  assert.equal(document.querySelectorAll("canvas").length, 1);
  assert.equal(document.querySelectorAll("img").length, 0);
  const text = document.querySelectorAll("p")[1].textContent!;
  assert.match(
    text,
    /α = 0\.00, k = 6: same-cluster AUC 0\.\d+ .*, precision at 10 0\.\d+ \(chance 0/,
  );
  const [, rank] = document.querySelectorAll("input");
  rank.value = "2";
  rank.dispatchEvent(new Event("input"));
  assert.match(document.querySelectorAll("p")[1].textContent!, /k = 2: /);
  assert.equal(drawn.length, 2);
});

Deno.test("scalingSlider draws some of many items, at even distances", () => {
  const model = modelOf(scalingSlider(svd.V, spectrum, clusters, { items: 20 }).html);
  assert.equal(model.items, 20);
  assert.deepEqual(model.clusters, Array.from({ length: 20 }, (_, i) => clusters[3 * i]));
});

Deno.test("scalingSlider says what is wrong with its input", () => {
  const draw = (scales: ArrayLike<number>, labels: ArrayLike<number>, options = {}) => () =>
    scalingSlider(svd.V, scales, labels, options);
  assert.throws(draw([1], clusters), /spectrum must have an entry for each of the 6 columns/);
  assert.throws(draw([1, 1, 1, 1, 1, 0], clusters), /spectrum\[5\] must be a finite number/);
  assert.throws(draw(spectrum, [1]), RangeError);
  assert.throws(draw(spectrum, clusters, { items: 1 }), /items must be an integer of at least 2/);
  assert.throws(draw(spectrum, clusters, { ranks: [] }), /ranks must not be empty/);
  assert.throws(
    draw(spectrum, clusters, { ranks: [3, 7] }),
    /ranks\[1\] must be an integer between 1 and 6/,
  );
});
