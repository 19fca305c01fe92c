/**
 * Times the loss and the gradient of one mini-batch of a Mult-DAE at the paper's size, 500 users of
 * 20,000 x 1,000 and k = 50, with our kernels and with `@jax-js/jax`, side by side:
 *
 *     deno run -A --no-lock tools/bench/networks.ts [rounds]
 *
 * jax-js is no dependency: it is fetched for this alone, by a name that is not seen when the
 * dependencies of this repository are.
 *
 * @module
 */
import assert from "node:assert/strict";
import { simulateInteractions } from "cosine-lab";
import { type Network, startAutoencoder } from "cosine-lab/networks";
import { allThreads } from "../../lib/kernels/thread_pool.ts";
import { networkPool, NetworkTape } from "../../lib/networks/run_network.ts";
import { UserBatches } from "../../lib/networks/tape.ts";

const LIBRARY: string = "npm:@jax-js/jax@0.1.25";
const BATCH = 500;
const rounds = Number(Deno.args[0] ?? 20);

const { interactions: x } = simulateInteractions();
const network = startAutoencoder(x, { hidden: [50], normalizeInput: false });
const users = Uint32Array.from({ length: BATCH }, (_, u) => u);

using pool = networkPool("float32", allThreads());
const run = new NetworkTape(pool, "float32", network);
const batches = new UserBatches(pool, run.tape.memory.bytes, x);

function ours(): number {
  run.tape.begin();
  const batch = batches.take(users, { normalize: false, dropout: 0, key: 0 });
  run.tape.multinomialLoss(batch, run.forward(batch).scores);
  run.tape.backward();
  return run.tape.loss;
}

/** The same with jax-js, on a dense batch that is converted beforehand. */
async function jaxStep({ hidden: [{ weights, bias }], items, itemBias }: Network) {
  // deno-lint-ignore no-explicit-any
  const jax: any = await import(LIBRARY);
  const { numpy: np, nn, valueAndGrad, jit } = jax;
  const array = (entries: ArrayLike<number>, ...shape: number[]) =>
    np.array(Float32Array.from(entries)).reshape(shape);
  const dense = new Float32Array(BATCH * x.items);
  for (let u = 0; u < BATCH; u++) {
    for (let t = x.rowStarts[u]; t < x.rowStarts[u + 1]; t++) {
      dense[u * x.items + x.columnIndices[t]] = 1;
    }
  }
  // deno-lint-ignore no-explicit-any
  const loss = (p: any, batch: any) => {
    const h = nn.relu(np.matmul(batch.ref, p.weights).add(p.bias));
    const z = np.matmul(h, np.transpose(p.items)).add(p.itemBias);
    return nn.logSoftmax(z).mul(batch).sum().mul(-1 / BATCH);
  };
  const step = jit(valueAndGrad(loss));
  const k = items.columns;
  const parameters = {
    weights: array(weights.to1DArray(), x.items, k),
    bias: array(bias!, k),
    items: array(items.to1DArray(), x.items, k),
    itemBias: array(itemBias!, x.items),
  };
  const batch = array(dense, BATCH, x.items);
  return (): number => {
    const given = Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, value.ref]),
    );
    const [value, gradient] = step(given, batch.ref);
    const loss = value.dataSync()[0];
    // deno-lint-ignore no-explicit-any
    for (const part of Object.values<any>(gradient)) part.dataSync();
    return loss;
  };
}

const theirs = await jaxStep(network);
assert(Math.abs(ours() / theirs() - 1) < 1e-5, "both compute the same loss");
const times = { ours: [] as number[], theirs: [] as number[] };
for (let round = 0; round < rounds + 3; round++) {
  for (const [name, step] of [["ours", ours], ["theirs", theirs]] as const) {
    const start = performance.now();
    step();
    if (round >= 3) times[name].push(performance.now() - start);
  }
}
const [a, b] = [times.ours, times.theirs].map((all) => all.sort((p, q) => p - q)[rounds >> 1]);
const steps = Math.ceil(x.users / BATCH);
const line = (name: string, ms: number) =>
  `${name}: ${ms.toFixed(0)} ms a step, ${(ms * steps / 1000).toFixed(1)} s an epoch`;
console.log(`${line("ours", a)}\n${line("@jax-js/jax", b)}\nratio ${(b / a).toFixed(1)}`);
