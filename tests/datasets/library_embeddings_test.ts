import assert from "node:assert/strict";
import { cosineSimilarity, neighborOverlap, truncatedSVD } from "cosine-lab";
import { debianPackages, libraryEmbeddings } from "cosine-lab/datasets";
import { planeItems } from "cosine-lab/remedies";

Deno.test("libraryEmbeddings() has the same calls for both, with the versions that ran", () => {
  const [simulated, debian] = [libraryEmbeddings("simulation"), libraryEmbeddings("debian")];
  const calls = (all: typeof debian) => all.map(({ library, call }) => `${library}: ${call}`);
  assert.deepEqual(calls(simulated), calls(debian));
  assert.equal(new Set(debian.map(({ key }) => key)).size, debian.length);
  for (const { key, ran } of debian) assert.equal(key.startsWith("ours-"), !ran);
  for (const name of calls(debian)) assert.match(name, /^[\w-]+ (\d+(\.\d+)+|[0-9a-f]{7}): /);
  assert(simulated.every(({ vectors }) => vectors.rows === 1000 && vectors.columns === 50));
  assert(debian.every(({ vectors }) => vectors.rows === 1183 && vectors.columns === 50));
});

Deno.test("libraryEmbeddings() has items in the order that is asked for: irlba's V is ours", () => {
  const { interactions } = debianPackages();
  const svd = truncatedSVD(interactions, { rank: 50 });
  const ours = cosineSimilarity(planeItems(svd, { lambda: 0, sigma: 0, dMat: 0 }));
  const theirs = libraryEmbeddings("debian", interactions.itemIds!)
    .find(({ library }) => library.startsWith("irlba"))!;
  assert(neighborOverlap(ours, cosineSimilarity(theirs.vectors), 10) > 0.99);
});

Deno.test("libraryEmbeddings() refuses other data and other items", () => {
  assert.throws(() => libraryEmbeddings("fedora" as never), /RangeError.*"simulation" or "debian"/);
  assert.throws(
    () => libraryEmbeddings("debian", ["tea"]),
    /RangeError.*1183 items, each once, there are 1/,
  );
});
