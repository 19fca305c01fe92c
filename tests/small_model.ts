import {
  denoisingEmbeddings,
  simulateInteractions,
  truncatedSVD,
  userEmbeddings,
} from "cosine-lab";

/** A small simulation, its model of Eq. 1, and the users' embeddings. */
export const { interactions: x } = simulateInteractions({
  users: 300,
  items: 40,
  seed: "canonical",
});
export const svd = truncatedSVD(x, { rank: 6 });
export const lambda = 50;
export const model = denoisingEmbeddings(svd, { lambda });
export const P = userEmbeddings(x, model);
