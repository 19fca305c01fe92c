import { createHash } from "node:crypto";
import {
  cosineSimilarity,
  gram,
  Interactions,
  simulateInteractions,
  svdOfGram,
  truncatedSVD,
} from "cosine-lab";
import { Matrix } from "ml-matrix";
import { applyCorrection, auditEmbeddings, chooseCorrection } from "cosine-lab/audit";
import { networkItemEmbeddings, trainAutoencoder } from "cosine-lab/networks";
import { trainSkipGram } from "cosine-lab/remedies";
import { rowsOfMatrix } from "../../lib/audit/rows.ts";
import { npyBytes } from "../../lib/audit/fix/fit_and_apply.ts";

/**
 * A hash of what the kernels compute: sampling, Gram matrices, spectra, products, trainings, an
 * audit's JSON and corrected vectors.
 */
export function computeDigits(): string {
  const hash = createHash("sha256");
  const add = (values: ArrayLike<number>) => hash.update(Float64Array.from(values));

  // Large enough for threads; the audit below reads a smaller simulation.
  const { interactions } = simulateInteractions({ users: 10_000, items: 600, seed: "digits" });
  add(interactions.columnIndices);
  add(gram(interactions).to1DArray());
  const weighted = new Interactions({
    rows: interactions.users,
    columns: interactions.items,
    rowStarts: interactions.rowStarts,
    columnIndices: interactions.columnIndices,
    values: Float64Array.from(interactions.columnIndices, (item, t) => 1 / (1 + (item + t) % 7)),
  });
  const { sigma, V } = svdOfGram(gram(weighted));
  add(sigma);
  add(cosineSimilarity(V).to1DArray());
  add(truncatedSVD(interactions, { rank: 20, method: "lanczos" }).V.to1DArray());
  const { network } = trainAutoencoder(interactions, { hidden: [16], epochs: 2, seed: "digits" });
  add(networkItemEmbeddings(network).to1DArray());
  const few = simulateInteractions({ users: 3_000, items: 400, seed: "digits" });
  const { inputs, outputs } = trainSkipGram(few.interactions, {
    rank: 5,
    epochs: 1,
    seed: "digits",
  });
  add(inputs.to1DArray());
  add(outputs.to1DArray());
  // The items are in order of their clusters.
  const some = Array.from({ length: 80 }, (_, i) => 5 * i);
  const rows = rowsOfMatrix(new Matrix(some.map((item) => inputs.getRow(item))));
  const labels = some.map((item) => few.clusters[item]);
  hash.update(JSON.stringify(auditEmbeddings(rows, { labels, seed: "digits" })));
  const choice = chooseCorrection(rows, { labels }, { seed: "digits" });
  hash.update(JSON.stringify(choice));
  for (const bytes of npyBytes(applyCorrection(choice.correction, rows), "float32")) {
    hash.update(bytes);
  }
  return hash.digest("hex");
}
