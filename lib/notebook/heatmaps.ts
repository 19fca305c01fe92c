import * as Plot from "@observablehq/plot";
import { encode } from "fast-png";
import { Matrix } from "ml-matrix";
import {
  anything,
  assertFinite,
  assertNumbers,
  assertObject,
  assertString,
  checkedOptions,
  describe,
  integer,
  optional,
  text,
} from "../check.ts";
import { InputRangeError, InputTypeError } from "../errors.ts";
import { clusterSimilarity } from "../similarity/clusters.ts";
import { neighborPrecision } from "../similarity/neighbors.ts";
import { sameClusterAuc } from "../similarity/same_cluster_auc.ts";
import {
  type Block,
  card,
  CARD_OPTIONS,
  document,
  drawing,
  innerWidth,
  nested,
  svgElement,
  textBlock,
} from "./figure.ts";
import { CLUSTER_LINE, DRAWN_EVERY } from "./panel_style.ts";
import { encodeBase64, type Picture } from "./picture.ts";

/** One similarity matrix of a figure, with what stands above it. */
export interface Panel {
  /** The similarities, p x p. */
  similarity: Matrix;
  /** What it is, in bold; `_{…}` and `^{…}` become sub- and superscripts. */
  title?: string;
  /** A second line under the title. */
  subtitle?: string;
}

/** Options for {@linkcode heatmaps}. */
export interface HeatmapsOptions {
  /** The cluster of each item, in the order of the rows: boundaries between clusters are marked. */
  clusters?: ArrayLike<number>;
  /** What the figure shows. */
  title?: string;
  /** How to read it. A sentence on the resolution is added where pixels are means of blocks. */
  caption?: string;
  /** The width of the figure in pixels. @default {940} */
  width?: number;
  /** Draws each n-th item only, where a pixel is to be a pair and not a mean. @default {1} */
  every?: number;
  /** The most pixels on a side of a panel. @default {250} */
  resolution?: number;
  /** How many panels stand in one row. @default {all of them} */
  columns?: number;
  /** The values at the ends of the color scale; what lies outside has the color of the end. @default {[-1, 1]} */
  domain?: readonly [number, number];
  /** What the color scale shows. @default {"cosine similarity"} */
  label?: string;
}

/** The similarities at both ends of the color scale: those of a cosine. */
const DOMAIN = [-1, 1] as const;
/** How many colors the scale has: odd, see {@linkcode matrixImage}. */
const STEPS = 127;
const GAP = 14;
const LARGEST_SIDE = 420;

/**
 * Draws similarity matrices side by side on one color scale, by default from −1 to 1, as Figure 1 of
 * the paper does with the ground truth and the item-item cosine similarities of four modeling choices.
 *
 * @param panels The matrices from left to right, with their titles.
 * @param options Clusters, title, caption and size.
 * @returns The figure.
 * @throws {TypeError} If a similarity is not a matrix, or an option is unknown or of the wrong kind.
 * @throws {RangeError} If there is no panel, a similarity is not square or not finite, there is not
 * a cluster for each item, or an option is out of bounds.
 *
 * @example
 * ```ts
 * import { clusterSimilarity, cosineSimilarity } from "cosine-lab";
 * import { heatmaps } from "cosine-lab/notebook";
 * import { Matrix } from "ml-matrix";
 *
 * const clusters = [0, 0, 1];
 * heatmaps([
 *   { title: "Ground truth", similarity: clusterSimilarity(clusters) },
 *   { title: "D = I", similarity: cosineSimilarity(new Matrix([[1, 0], [1, 1], [0, 1]])) },
 * ], { clusters });
 * ```
 */
export function heatmaps(panels: readonly Panel[], options: HeatmapsOptions = {}): Picture {
  const { width, title, caption = "", ...checked } = checkedOptions("draw", options, {
    ...CARD_OPTIONS,
    clusters: anything<ArrayLike<number> | undefined>(),
    columns: optional(integer(1)),
    every: integer(1, Infinity, 1),
    resolution: integer(1, Infinity, 250),
    domain: anything<readonly [number, number]>(DOMAIN),
    label: text("cosine similarity"),
  });
  assertDomain(checked.domain);
  assertPanels(panels, checked.clusters);
  const { columns = panels.length, domain, label, resolution } = checked;
  const { shown, clusters } = thinned(panels, checked);
  const side = Math.min(LARGEST_SIDE, (innerWidth(width) - GAP * (columns - 1)) / columns);
  const rows: Block[] = [];
  for (let first = 0; first < shown.length; first += columns) {
    rows.push(drawRow(shown.slice(first, first + columns), { side, resolution, clusters, domain }));
  }
  const block = Math.ceil(Math.max(...shown.map((p) => p.similarity.rows)) / resolution);
  const note = block > 1 ? ` Each pixel is the mean over ${block} × ${block} pairs of items.` : "";
  return card([...rows, ...ramp(domain, label)], {
    width,
    title,
    caption: (caption + note).trim(),
  });
}

/** The panels, and the clusters, of the items that are drawn. */
function thinned(
  panels: readonly Panel[],
  { clusters, every }: { clusters?: ArrayLike<number>; every: number },
) {
  if (every === 1) return { shown: panels, clusters };
  const kept = (count: number) =>
    Array.from({ length: Math.ceil(count / every) }, (_, i) => every * i);
  const shown = panels.map(({ similarity, ...head }) => {
    const items = kept(similarity.rows);
    return { ...head, similarity: similarity.selection(items, items) };
  });
  return { shown, clusters: clusters && kept(clusters.length).map((item) => clusters[item]) };
}

/** How the matrix of a panel is drawn. */
interface PanelOptions {
  /** The length of its sides in pixels. */
  side: number;
  resolution: number;
  domain: readonly [number, number];
  clusters?: ArrayLike<number>;
}

function drawRow(panels: readonly Panel[], options: PanelOptions): Block {
  const { side } = options;
  const heads = panels.map((panel) => head(panel, side));
  const headHeight = Math.max(...heads.map(({ height }) => height));
  const element = svgElement("g", {});
  panels.forEach(({ similarity }, i) => {
    const { element: text, height } = heads[i];
    element.appendChild(svgElement(
      "g",
      { transform: `translate(${i * (side + GAP)},0)` },
      svgElement("g", { transform: `translate(0,${headHeight - height})` }, text),
      svgElement("g", { transform: `translate(0,${headHeight})` }, drawMatrix(similarity, options)),
    ));
  });
  return { element, height: headHeight + side + 6 };
}

/** Title and subtitle of a panel. */
function head({ title, subtitle }: Panel, width: number): Block {
  const lines = [
    ...(title ? [textBlock(title, { width, size: 13, weight: "bold" })] : []),
    ...(subtitle ? [textBlock(subtitle, { width, size: 12, color: "#57606a" })] : []),
  ];
  const element = svgElement("g", {});
  let y = 0;
  for (const line of lines) {
    element.appendChild(svgElement("g", { transform: `translate(0,${y})` }, line.element));
    y += line.height;
  }
  return { element, height: y + 4 };
}

function drawMatrix(similarity: Matrix, options: PanelOptions): Element {
  const { side, resolution, clusters, domain } = options;
  const p = similarity.rows;
  const boundaries = clusters === undefined
    ? []
    : Array.from({ length: p - 1 }, (_, i) => i + 1).filter((i) => clusters[i] !== clusters[i - 1]);
  const rule = { ...CLUSTER_LINE, strokeWidth: 0.75 };
  const image = matrixImage(similarity, { colors: similarityColors(), domain, resolution });
  const plot = Plot.plot({
    width: side,
    height: side,
    margin: 0,
    x: { domain: [0, p], axis: null },
    y: { domain: [p, 0], axis: null },
    marks: [
      Plot.image([image], {
        src: (d) => d,
        x: p / 2,
        y: p / 2,
        width: side,
        height: side,
        // The PNG's renderer smooths what is "pixelated", and would blur the few pixels of a small
        // matrix; to browsers both are the same.
        imageRendering: 2 * p <= side ? "optimizeSpeed" : "pixelated",
      }),
      Plot.ruleX(boundaries, rule),
      Plot.ruleY(boundaries, rule),
      Plot.frame({ stroke: "#8c959f" }),
    ],
    document,
  });
  return nested(plot);
}

/** The color scale of similarities, from red at −1 to blue at 1, as the `color` of a plot of Observable Plot. */
export const similarityScale: { type: "diverging"; scheme: "RdBu"; domain: [number, number] } = {
  type: "diverging",
  scheme: "RdBu",
  domain: [...DOMAIN],
};

const scale = Plot.scale({ color: similarityScale })!;

/** The colors of the scale in even steps from −1 to 1, as [red, green, blue]. */
export function similarityColors(): number[][] {
  return Array.from({ length: STEPS }, (_, i) => {
    const value = DOMAIN[0] + (DOMAIN[1] - DOMAIN[0]) * i / (STEPS - 1);
    return scale.apply(value).match(/\d+/g)!.map(Number);
  });
}

function ramp([low, high]: readonly [number, number], label: string): Block[] {
  const step = (high - low) / STEPS;
  const plot = Plot.plot({
    document,
    width: 320,
    height: 64,
    marginTop: 16,
    marginLeft: 16,
    marginRight: 16,
    marginBottom: 34,
    x: {
      domain: [low, high],
      ticks: 5,
      label,
      labelAnchor: "center",
      labelArrow: "none",
    },
    marks: [
      Plot.rect(Array.from({ length: STEPS }, (_, i) => i), {
        x1: (i) => low + i * step,
        x2: (i) => low + (i + 1) * step,
        y1: 0,
        y2: 1,
        fill: (i) => scale.apply(-1 + (2 * i + 1) / STEPS),
        shapeRendering: "crispEdges",
      }),
    ],
    y: { axis: null },
  });
  return drawing(plot).blocks;
}

/** Throws unless panels are square matrices with their titles, and there is a cluster for each row. */
function assertPanels(panels: unknown, clusters: unknown): void {
  if (!Array.isArray(panels)) {
    throw new InputTypeError(
      `Cannot draw: panels must be an array, current value is ${describe(panels)}`,
    );
  }
  if (panels.length === 0) {
    throw new InputRangeError("Cannot draw: there must be at least one panel");
  }
  panels.forEach((panel: Record<string, unknown>, i) => {
    assertObject("draw", `panel ${i}`, panel);
    const { similarity, title, subtitle } = panel;
    if (title !== undefined) assertString("draw", `the title of panel ${i}`, title);
    if (subtitle !== undefined) assertString("draw", `the subtitle of panel ${i}`, subtitle);
    assertFinite("draw", `the similarity of panel ${i}`, similarity);
    const { rows, columns } = similarity;
    if (rows !== columns) {
      throw new InputRangeError(
        `Cannot draw: a similarity must be square, that of panel ${i} is ${rows} x ${columns}`,
      );
    }
    if (clusters !== undefined) assertClusters(clusters, rows);
  });
}

/** Throws unless it is two numbers, the smaller one first. */
function assertDomain(domain: unknown): void {
  assertNumbers("draw", "domain", domain);
  if (domain.length === 2 && domain[0] < domain[1]) return;
  throw new InputRangeError(
    `Cannot draw: domain must be two numbers, the smaller one first, it is [${
      Array.from(domain).join(", ")
    }]`,
  );
}

/** Throws unless there is a cluster, a number, for each item. */
function assertClusters(clusters: unknown, items: number): void {
  assertNumbers("draw", "clusters", clusters);
  if (clusters.length === items) return;
  throw new InputRangeError(
    `Cannot draw: there must be a cluster for each of the ${items} items, there are ${clusters.length}`,
  );
}

/** Options for {@linkcode matrixImage}. */
interface MatrixImageOptions {
  /**
   * The color of each step from the lower to the upper end, 256 at most, as [red, green, blue]. An odd
   * number of steps puts the middle of the scale, often an exact 0, in the middle of a step.
   */
  colors: readonly number[][];
  /** The values of the first and the last color; what is outside gets the color of the end. */
  domain: readonly [number, number];
  /** The most pixels on a side: of a larger matrix, each pixel is the mean of a block. */
  resolution: number;
}

/**
 * Draws a matrix as a picture, a pixel per entry or per block of entries.
 *
 * @param s The matrix.
 * @param options Colors and size.
 * @returns The picture as a `data:` URL of a PNG.
 */
function matrixImage(s: Matrix, options: MatrixImageOptions): string {
  const { colors, domain: [low, high], resolution } = options;
  const means = blockMeans(s, resolution);
  const last = colors.length - 1;
  const data = new Uint8Array(means.rows * means.columns);
  for (let i = 0; i < means.rows; i++) {
    for (let j = 0; j < means.columns; j++) {
      const position = (means.get(i, j) - low) / (high - low);
      data[i * means.columns + j] = Math.round(Math.max(0, Math.min(1, position)) * last);
    }
  }
  const png = encode(
    {
      width: means.columns,
      height: means.rows,
      data,
      channels: 1,
      depth: 8,
      palette: colors as [],
    },
    { zlib: { level: 9 } },
  );
  return `data:image/png;base64,${encodeBase64(png)}`;
}

/** The means of blocks of equal size (except the last), so that neither side exceeds a limit. */
function blockMeans(s: Matrix, limit: number): Matrix {
  const block = Math.ceil(Math.max(s.rows, s.columns) / limit);
  if (block === 1) return s;
  const rows = Math.ceil(s.rows / block);
  const columns = Math.ceil(s.columns / block);
  const means = new Matrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const bottom = Math.min((i + 1) * block, s.rows);
      const right = Math.min((j + 1) * block, s.columns);
      let sum = 0;
      for (let r = i * block; r < bottom; r++) {
        for (let c = j * block; c < right; c++) sum += s.get(r, c);
      }
      means.set(i, j, sum / ((bottom - i * block) * (right - j * block)));
    }
  }
  return means;
}

/**
 * Draws Figure 1 of the paper in one row: the true clusters, the item-item similarities of Eq. 1 under
 * three D, and those of Eq. 2, each with its same-cluster AUC and its precision at 10.
 *
 * @param models The choices that are compared: the three D of Eq. 1, then Eq. 2.
 * @param similarities The similarities of each, p x p.
 * @param clusters The cluster of each item, length p; items are sorted by it.
 * @returns The figure, with a pixel for each pair of every fourth item.
 * @throws {TypeError} If models or similarities is not an array, or a similarity is not a matrix.
 * @throws {RangeError} If there is not a similarity for each model, one is not square or not finite, or
 * there is not a cluster for each item.
 *
 * @example
 * ```ts
 * import { cosineSimilarity, modelingChoices, simulateInteractions, truncatedSVD } from "cosine-lab";
 * import { figure1 } from "cosine-lab/notebook";
 *
 * const { interactions, clusters } = simulateInteractions({ users: 500, items: 40 });
 * const { root, identity, inverse, weightDecay } = modelingChoices(truncatedSVD(interactions));
 * const models = [root, identity, inverse, weightDecay];
 * figure1(models, models.map(({ embeddings }) => cosineSimilarity(embeddings.B)), clusters);
 * ```
 */
export function figure1(
  models: readonly { readonly name: string }[],
  similarities: readonly Matrix[],
  clusters: ArrayLike<number>,
): Picture {
  if (!Array.isArray(models) || !Array.isArray(similarities)) {
    throw new InputTypeError("Cannot draw Figure 1: models and similarities must be arrays");
  }
  if (models.length !== similarities.length) {
    throw new InputRangeError(
      `Cannot draw Figure 1: there must be a similarity for each of the ${models.length} models, ` +
        `there are ${similarities.length}`,
    );
  }
  models.forEach((model, i) => assertObject("draw Figure 1", `models[${i}]`, model));
  const truth = {
    title: "Ground truth",
    subtitle: "1 = same cluster",
    similarity: clusterSimilarity(clusters),
  };
  const neighbors = Math.min(10, clusters.length - 1);
  const panels = models.map(({ name }, i) => {
    const similarity = similarities[i];
    const auc = sameClusterAuc(similarity, clusters).toFixed(3);
    const precision = neighborPrecision(similarity, clusters, neighbors).toFixed(3);
    return { title: name, subtitle: `AUC ${auc}, P@${neighbors} ${precision}`, similarity };
  });
  const chance = sharedPairs(truth.similarity).toFixed(3);
  return heatmaps([truth, ...panels], {
    clusters,
    every: DRAWN_EVERY,
    title:
      "Figure 1. One model of Eq. 1 with three D, and Eq. 2: from faint clusters to clear ones",
    caption:
      `Item-item cosines of every fourth item, a pixel for each pair; items are sorted by cluster (lines), and within a cluster by descending popularity. The three panels in the middle are the same trained model of Eq. 1 (with B = V_{k}, Eq. 5 as written, and B = V_{k} dMat). AUC: by chance 0.5. P@${neighbors}, the precision at ${neighbors}: by chance ${chance}.`,
  });
}

/** The share of the pairs of different items that are in one cluster. */
function sharedPairs(truth: Matrix): number {
  const p = truth.rows;
  return (truth.sum() - p) / (p * (p - 1));
}
