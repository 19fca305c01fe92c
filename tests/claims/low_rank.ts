import assert from "node:assert/strict";
import {
  clusterRecovery,
  cosineSimilarity,
  modelingChoices,
  neighborOverlap,
  simulateInteractions,
  truncatedSVD,
} from "cosine-lab";

for (const seed of ["1", "2", "3", "4", "5"]) {
  Deno.test(`4 low rank, paper's size, seed ${seed}: one model has three similarities, Eq. 2 a fourth`, () => {
    const { interactions, clusters } = simulateInteractions({ seed });
    const svd = truncatedSVD(interactions, { rank: 50 });
    const similarities = Object.values(modelingChoices(svd))
      .map(({ embeddings }) => cosineSimilarity(embeddings.B));
    const [v, identity, inverse, , decay] = similarities
      .map((similarity) => clusterRecovery(similarity, clusters).auc);
    assert(v < 0.75, `B = V_k has ${v}`);
    assert(v + 0.1 < identity && identity + 0.02 < inverse, `${v}, ${identity}, ${inverse}`);
    assert(decay > 0.93, `Eq. 2 has ${decay}`);
    assert(neighborOverlap(similarities[0], similarities[2], 10) < 0.75);
    assert(neighborOverlap(similarities[1], similarities[4], 10) < 0.35);
    // The bulk lies below λ = 100, so most of the 50 dimensions are shrunk to nothing.
    const kept = svd.sigma.filter((sigma) => sigma > 100).length;
    assert(kept >= 5 && kept <= 13, `Eq. 2 keeps ${kept}`);
  });
}
