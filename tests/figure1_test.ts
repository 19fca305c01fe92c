import assert from "node:assert/strict";
import {
  clusterRecovery,
  cosineSimilarity,
  modelingChoices,
  simulateInteractions,
  truncatedSVD,
} from "../lib/mod.ts";

for (const seed of ["1", "2", "3", "4", "5"]) {
  Deno.test(`section 4, paper's size, seed ${seed}: the AUC rises from B = V_k over D = I and D = dMat^(-1/2); Eq. 2 recovers the clusters`, () => {
    const { interactions, clusters } = simulateInteractions({ seed });
    const svd = truncatedSVD(interactions, { rank: 50 });
    const [v, identity, inverse, , decay] = modelingChoices(svd)
      .map(({ embeddings }) => clusterRecovery(cosineSimilarity(embeddings.B), clusters).auc);
    assert(v < 0.75, `B = V_k has ${v}`);
    assert(v + 0.1 < identity && identity + 0.02 < inverse, `${v}, ${identity}, ${inverse}`);
    assert(decay > 0.93, `Eq. 2 has ${decay}`);
  });
}
