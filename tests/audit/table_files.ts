import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import {
  cosineSimilarity,
  denoisingEmbeddings,
  denoisingSpectrum,
  gram,
  rescale,
  simulateInteractions,
  truncatedSVD,
  userEmbeddings,
  weightDecayEmbeddings,
} from "cosine-lab";
import { randomNormal } from "cosine-lab/training";

/** How large a file is, and which draw of it. */
export interface Draw {
  items: number;
  dimensions: number;
  seed: string;
}

const normals = (seed: string) => randomNormal(seedrandom.alea(seed));

function filled({ items, dimensions }: Draw, entry: (i: number, c: number) => number): Matrix {
  return new Matrix(
    Array.from(
      { length: items },
      (_, i) => Float64Array.from({ length: dimensions }, (_, c) => entry(i, c)),
    ),
  );
}

/** Independent normal entries. */
export function gaussianNoise(draw: Draw): Matrix {
  const normal = normals(draw.seed);
  return filled(draw, normal);
}

/** Rows of length 1. */
export function normalized(B: Matrix): Matrix {
  const E = B.clone();
  for (let i = 0; i < E.rows; i++) E.mulRow(i, 1 / Math.hypot(...E.getRow(i)));
  return E;
}

/** Rows whose norms vary by some percent. */
export function jittered(B: Matrix, seed: string, deviation = 0.05): Matrix {
  const normal = normals(seed);
  const E = B.clone();
  for (let i = 0; i < E.rows; i++) E.mulRow(i, 1 + deviation * Math.max(-3, Math.min(3, normal())));
  return E;
}

/** Items around centers, some near and some far from theirs: what a contrastive model learns. */
export function clustered(draw: Draw, spread = 0.8): Matrix {
  const normal = normals(draw.seed), random = seedrandom.alea(`${draw.seed}/cluster`);
  const centers = gaussianNoise({ ...draw, items: 12, seed: `${draw.seed}/centers` });
  const of = Array.from({ length: draw.items }, () => Math.floor(random() * 12));
  return filled(draw, (i, c) => centers.get(of[i], c) + spread * normal());
}

/** A simulation of section 4, small. */
export function simulated({ items, dimensions, seed }: Draw, users = 2000) {
  const simulation = simulateInteractions({ users, items, clusters: 4, seed });
  const { interactions, clusters } = simulation;
  const svd = truncatedSVD(interactions, { rank: dimensions });
  const G = gram(interactions);
  const activity = Array.from(simulation.users.k_u);
  return { interactions, activity, clusters, svd, G, popularity: G.diag() };
}

/** Eq. 1 under D = dMat^power, with its users. */
export function equation1(draw: Draw, power: number) {
  const { interactions, svd, ...known } = simulated(draw);
  const lambda = 1000;
  const model = rescale(
    denoisingEmbeddings(svd, { lambda }),
    denoisingSpectrum(svd, lambda).map((s) => s ** power),
  );
  return { ...known, B: model.B, users: userEmbeddings(interactions, model) };
}

/** Eq. 2 with its users, and with the most active half of them. */
export function equation2(draw: Draw) {
  const { interactions, svd, activity, ...known } = simulated(draw);
  const model = weightDecayEmbeddings(svd, { lambda: 30 });
  const users = userEmbeddings(interactions, model);
  const active = Array.from(activity.keys()).sort((a, b) => activity[b] - activity[a] || a - b)
    .slice(0, activity.length / 2);
  return { ...known, B: model.B, users, active: users.selection(active, range(users.columns)) };
}

/** A singular value decomposition split evenly, with no penalty at all. */
export function evenSplit(draw: Draw) {
  const { interactions, svd, ...known } = simulated(draw);
  const roots = svd.sigma.map(Math.sqrt);
  const scaled = (V: Matrix, powers: ArrayLike<number>) =>
    Matrix.mul(V, 1).mulRowVector(Array.from(powers));
  const A = scaled(svd.V, roots.map((root) => 1 / root));
  return { ...known, B: scaled(svd.V, roots), users: userEmbeddings(interactions, { A, B: A }) };
}

/** Vectors that gradient descent fitted to cosines, of norm 1 in every step. */
export function trainedOnCosines(draw: Draw): Matrix {
  const target = cosineSimilarity(simulated(draw).G);
  const random = seedrandom.alea(`${draw.seed}/start`);
  let E = normalized(filled(draw, () => random() - 0.5));
  for (let step = 0; step < 60; step++) {
    const residual = Matrix.sub(E.mmul(E.transpose()), target);
    E = normalized(Matrix.sub(E, residual.mmul(E).mul(1 / draw.items)));
  }
  return E;
}

/** Clusters, and three coordinates, at random places, that hold 96 % of the squares. */
export function rogue(draw: Draw) {
  const B = normalized(clustered(draw));
  const random = seedrandom.alea(`${draw.seed}/rogue`);
  const coordinates = new Set<number>();
  while (coordinates.size < 3) coordinates.add(Math.floor(random() * draw.dimensions));
  const own = [...coordinates].reduce(
    (sum, c) => sum + B.getColumn(c).reduce((all, x) => all + x * x, 0),
    0,
  );
  const scale = Math.sqrt(24 * (draw.items - own) / own);
  for (const c of coordinates) B.mulColumn(c, scale);
  return { B, coordinates: [...coordinates].sort((a, b) => a - b) };
}

/** Like word2vec: a common mean, a direction that goes with frequency, norms that do too. */
export function wordVectors(draw: Draw) {
  const B = clustered(draw, 1.2);
  const mean = gaussianNoise({ ...draw, items: 1, seed: `${draw.seed}/mean` }).getRow(0);
  const top = gaussianNoise({ ...draw, items: 1, seed: `${draw.seed}/top` }).getRow(0);
  const frequency = Array.from({ length: draw.items }, (_, i) => 1 / (i + 1));
  for (let i = 0; i < draw.items; i++) {
    const log = Math.log(draw.items / (i + 1)), norm = (1 + i) ** -0.15;
    for (let c = 0; c < draw.dimensions; c++) {
      B.set(i, c, norm * (B.get(i, c) + 1.2 * mean[c] + 0.5 * (log - 1) * top[c]));
    }
  }
  return { B, popularity: frequency };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/**
 * Alternating least squares on all entries, each side's decay scaled by how often the user or item
 * occurs, until it has converged.
 */
export function weightedFactors({ items, dimensions, seed }: Draw, users = 300) {
  const { interactions } = simulateInteractions({ users, items, clusters: 4, seed });
  const X = interactions.toDense();
  const counts = (M: Matrix) => M.to2DArray().map((row) => row.reduce((a, b) => a + b));
  const userCounts = counts(X), popularity = counts(X.transpose());
  const solve = (data: Matrix, other: Matrix, weights: number[]) => {
    const moments = other.transpose().mmul(other), right = data.mmul(other);
    const solved = new Matrix(data.rows, dimensions);
    const { values, vectors } = eigen(moments);
    const turned = right.mmul(vectors);
    for (let i = 0; i < data.rows; i++) {
      const decay = 0.05 * weights[i];
      solved.setRow(i, turned.getRow(i).map((entry, c) => entry / (values[c] + decay + 1e-12)));
    }
    return solved.mmul(vectors.transpose());
  };
  let Q = gaussianNoise({ items, dimensions, seed: `${seed}/start` }).mul(0.1);
  let P = solve(X, Q, userCounts);
  for (let sweep = 0; sweep < 150; sweep++) {
    Q = solve(X.transpose(), P, popularity);
    P = solve(X, Q, userCounts);
  }
  return { B: Q, users: P, userCounts, popularity };
}

function eigen(a: Matrix) {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(a, {
    assumeSymmetric: true,
  });
  return { values: realEigenvalues, vectors: eigenvectorMatrix };
}
