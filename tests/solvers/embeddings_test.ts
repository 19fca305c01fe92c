import { Interactions, userEmbeddings } from "cosine-lab";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import seedrandom from "seedrandom";

Deno.test("userEmbeddings() is XA to the last digit, of more users than a block and any number of columns", () => {
  const random = seedrandom.alea("users");
  const draw = (rows: number, columns: number, entry: () => number) =>
    new Matrix(Array.from({ length: rows }, () => Array.from({ length: columns }, entry)));
  for (const [users, k, weighted] of [[1500, 3, false], [1500, 17, true], [1, 8, true]] as const) {
    const x = draw(users, 30, () => random() < 0.7 ? 0 : weighted ? random() : 1);
    const A = draw(30, k, () => random() - 0.5);
    // Summed up in the order of the items, and nothing added for what a user does not have.
    const expected = x.to2DArray().map((row) =>
      Array.from(
        { length: k },
        (_, j) => row.reduce((sum, value, i) => value === 0 ? sum : sum + value * A.get(i, j), 0),
      )
    );
    assert.deepEqual(userEmbeddings(Interactions.fromDense(x), { A, B: A }).to2DArray(), expected);
  }
});

Deno.test("userEmbeddings(): threads change no digit", () => {
  const random = seedrandom.alea("threads");
  const x = Interactions.fromDense(
    Array.from({ length: 1000 }, () => Array.from({ length: 250 }, () => random() < 0.5 ? 1 : 0)),
  );
  const A = new Matrix(Array.from({ length: 250 }, () => Array.from({ length: 1000 }, random)));
  // Enough for workers: of a tenth of the users one thread computes the same.
  const all = userEmbeddings(x, { A, B: A });
  const first = Interactions.fromDense(x.toDense().subMatrix(0, 99, 0, 249));
  assert.deepEqual(
    userEmbeddings(first, { A, B: A }).to2DArray(),
    all.subMatrix(0, 99, 0, 999).to2DArray(),
  );
});
