/**
 * Prints a hash of what the kernels compute: sampling, Gram matrices, spectra, products, trainings.
 * With the argument "unshared", as on a page that cannot share memory.
 *
 * @module
 */
import { createHash } from "node:crypto";

if (Deno.args[0] === "unshared") Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
const { cosineSimilarity, Interactions, simulateInteractions, svdOfGram, truncatedSVD, gram } =
  await import("cosine-lab");
const { networkItemEmbeddings, trainAutoencoder } = await import("cosine-lab/networks");
const { trainSkipGram } = await import("cosine-lab/remedies");

const hash = createHash("sha256");
const add = (values: ArrayLike<number>) => hash.update(Float64Array.from(values));

const { interactions } = simulateInteractions({ users: 3_000, items: 400, seed: "digits" });
add(interactions.columnIndices);
add(gram(interactions).to1DArray());
const weighted = new Interactions({
  rows: interactions.users,
  columns: interactions.items,
  rowStarts: interactions.rowStarts,
  columnIndices: interactions.columnIndices,
  values: Float64Array.from(interactions.columnIndices, (item, t) => 1 / (1 + (item + t) % 7)),
});
const { sigma, V } = svdOfGram(gram(weighted), 300);
add(sigma);
add(cosineSimilarity(V).to1DArray());
add(truncatedSVD(interactions, { rank: 20, method: "lanczos" }).V.to1DArray());
const { network } = trainAutoencoder(interactions, { hidden: [8], epochs: 2, seed: "digits" });
add(networkItemEmbeddings(network).to1DArray());
const { inputs, outputs } = trainSkipGram(interactions, { rank: 5, epochs: 1, seed: "digits" });
add(inputs.to1DArray());
add(outputs.to1DArray());
console.log(hash.digest("hex"));
