/**
 * From the start of a process to a first AUC of 2,000 users and 100 items: what a script that uses
 * the library for something small waits for.
 *
 * @module
 */
import {
  cosineSimilarity,
  denoisingEmbeddings,
  sameClusterAuc,
  simulateInteractions,
  truncatedSVD,
} from "cosine-lab";

const { interactions, clusters } = simulateInteractions({ users: 2_000, items: 100 });
const { B } = denoisingEmbeddings(truncatedSVD(interactions, { rank: 20 }), { lambda: 1_000 });
console.log(JSON.stringify(sameClusterAuc(cosineSimilarity(B), clusters)));
