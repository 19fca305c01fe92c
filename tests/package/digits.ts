/**
 * Hashes of what the library computes: to be the same in every engine and on every machine. It runs
 * in Deno, in Node and in a worker of a page.
 */
export async function digits(): Promise<Record<string, string>> {
  const lab = await import("cosine-lab");
  const { extremeMixing, extremeScaling } = await import("cosine-lab/arbitrariness");
  const { evaluateRanking, holdOutItems } = await import("cosine-lab/evaluation");
  const { networkItemEmbeddings, trainAutoencoder } = await import("cosine-lab/networks");
  const { canonicalItems, equivalentEmbeddings, trainSkipGram } = await import(
    "cosine-lab/remedies"
  );
  const { trainEmbeddings } = await import("cosine-lab/training");

  const simulation = { users: 3_000, items: 400, seed: "digits" };
  const { interactions: x, items, clusters } = lab.simulateInteractions(simulation);
  const drawn = lab.simulateInteractions({ users: 300, items: 90, popularity: "draw" });
  const weighted = new lab.Interactions({
    rows: x.users,
    columns: x.items,
    rowStarts: x.rowStarts,
    columnIndices: x.columnIndices,
    values: Float64Array.from(x.columnIndices, (item, t) => 1 / (1 + (item + t) % 7)),
  });
  const { sigma, V } = lab.svdOfGram(lab.gram(weighted), 300);
  const svd = lab.truncatedSVD(x, { rank: 20, method: "lanczos" });
  const model = lab.denoisingEmbeddings(svd, { lambda: 1_000, rank: 12 });
  const { network, history } = trainAutoencoder(x, { hidden: [8], epochs: 2, seed: "digits" });
  const skipGram = trainSkipGram(x, { rank: 5, epochs: 1, seed: "digits" });
  const descent = trainEmbeddings(x, {
    objective: "weightDecay",
    lambda: 50,
    rank: 5,
    maxSteps: 20,
  });
  const { given, heldOut } = holdOutItems(x, { share: 0.2, seed: "digits" });
  const far = { goal: "worst", condition: 3, starts: 2, steps: 40 } as const;
  const cosines = (B: typeof V) => lab.cosineSimilarity(B).to1DArray();
  return await hashes({
    simulated: [...x.columnIndices, ...items.popularity, ...drawn.interactions.columnIndices],
    gram: lab.gram(x).to1DArray(),
    spectra: [...sigma, ...svd.sigma, ...svd.V.to1DArray()],
    cosines: cosines(V),
    autoencoder: [
      ...networkItemEmbeddings(network).to1DArray(),
      ...history.map(({ loss }) => loss),
    ],
    skipGram: [
      ...skipGram.inputs.to1DArray(),
      ...skipGram.outputs.to1DArray(),
      ...skipGram.losses.map(({ loss }) => loss),
    ],
    descent: [...descent.embeddings.B.to1DArray(), ...descent.losses.map(({ loss }) => loss)],
    ranking: evaluateRanking(model, given, heldOut).ndcgAt100.values,
    scaling: cosines(extremeScaling(model, clusters, far).embeddings.B),
    mixing: cosines(extremeMixing(model, clusters, far).embeddings.B),
    equivalent: equivalentEmbeddings(model).flatMap(({ B }) => cosines(B)),
    canonical: canonicalItems(model.B, model.A, { exponent: 0.3 }).to1DArray(),
  });
}

async function hashes(
  results: Record<string, ArrayLike<number>>,
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, values] of Object.entries(results)) {
    const hash = await crypto.subtle.digest("SHA-256", Float64Array.from(values));
    found[name] = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");
  }
  return found;
}
