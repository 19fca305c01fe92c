import assert from "node:assert/strict";
import { type Architecture, type Network, networkLoss } from "cosine-lab/networks";
import { networkPool, NetworkTape } from "../../lib/networks/run_network.ts";
import { UserBatches } from "../../lib/networks/tape.ts";
import { randomInteractions, randomNetwork } from "./networks.ts";

const x = randomInteractions(7, 9, { values: true });
const weightDecay = { encoder: 0.3, decoder: 0.2 };

/** The loss of all users, and its gradient in the shape of a network. */
function lossAndGradient(network: Network, dropout = 0): { loss: number; gradient: Network } {
  using pool = networkPool("float64", 1);
  const run = new NetworkTape(pool, "float64", network);
  const batches = new UserBatches(pool, 8, x);
  const users = Uint32Array.from({ length: x.users }, (_, u) => u);
  const normalize = network.architecture.normalizeInput;
  const batch = batches.take(users, { normalize, dropout, key: 5 });
  const { scores } = run.forward(batch);
  run.tape.multinomialLoss(batch, scores);
  run.penalize(weightDecay);
  run.tape.backward();
  return { loss: run.tape.loss, gradient: run.read("gradient") };
}

/** Every number of a network, with what changes it. */
function parameters(network: Network): { value: number; moved: (by: number) => Network }[] {
  const path = (holder: unknown, keys: (string | number)[]): [string | number, unknown][] =>
    keys.length === 0
      ? []
      : [[keys[0], holder], ...path((holder as never)[keys[0]], keys.slice(1))];
  const numbers: (string | number)[][] = [];
  const visit = (value: unknown, keys: (string | number)[]) => {
    if (typeof value === "number") {
      if (!["rows", "columns"].includes(String(keys.at(-1)))) numbers.push(keys);
    } else if (value instanceof Float64Array || Array.isArray(value)) {
      value.forEach((entry, i) => visit(entry, [...keys, i]));
    } else if (typeof value === "object" && value !== null) {
      for (const key of Object.keys(value)) {
        if (key !== "architecture") visit(value[key as never], [...keys, key]);
      }
    }
  };
  visit(network, []);
  return numbers.map((keys) => {
    const [last, holder] = path(network, keys).at(-1)!;
    const value = (holder as Record<string | number, number>)[last];
    const moved = (by: number) => {
      const copy = structuredCloneOf(network);
      const [, inCopy] = path(copy, keys).at(-1)!;
      (inCopy as Record<string | number, number>)[last] = value + by;
      return copy;
    };
    return { value, moved };
  });
}

function structuredCloneOf(network: Network): Network {
  const clone = <T>(row: T): T => structuredClone(row);
  return {
    ...network,
    hidden: network.hidden.map(({ weights, bias }) => ({
      weights: weights.clone(),
      bias: clone(bias),
    })),
    items: network.items.clone(),
    itemBias: clone(network.itemBias),
    affine: clone(network.affine),
  };
}

const none = { users: false, items: false, gain: false };
const architectures: [string, Partial<Architecture>, number[]?][] = [
  ["relu", {}],
  ["tanh", { activation: "tanh" }],
  ["linear", { activation: "linear" }],
  ["input as it is", { normalizeInput: false, activation: "tanh" }],
  ["two hidden layers, relu", {}, [5, 3]],
  ["three hidden layers, tanh", { activation: "tanh" }, [4, 5, 6]],
  ["a hidden layer wider than a vector", { activation: "tanh" }, [19, 13]],
  ["cosine", { output: "cosine", activation: "tanh" }],
  ["cosine, relu, two hidden layers", { output: "cosine" }, [5, 4]],
  ["layer normalization of users", { layerNormalization: { ...none, users: true } }, [4]],
  ["layer normalization of items", { layerNormalization: { ...none, items: true } }, [4]],
  [
    "layer normalization of both, with gain",
    { layerNormalization: { users: true, items: true, gain: true }, activation: "linear" },
    [4],
  ],
  [
    "layer normalization with gain, then cosine",
    { layerNormalization: { users: true, items: true, gain: true }, output: "cosine" },
    [6, 5],
  ],
];

for (const dropout of [0, 0.4]) {
  for (const [name, architecture, hidden = [3]] of architectures) {
    Deno.test(`gradient by finite differences: ${name}, dropout ${dropout}`, () => {
      const network = randomNetwork(9, { hidden, architecture });
      const { gradient } = lossAndGradient(network, dropout);
      const derivatives = parameters(gradient).map(({ value }) => value);
      assert(
        derivatives.length >= 9 * (hidden[0] + hidden.at(-1)!),
        `${derivatives.length} parameters`,
      );
      const size = Math.max(...derivatives.map(Math.abs));
      const step = 1e-5;
      parameters(network).forEach(({ moved }, i) => {
        const difference = lossAndGradient(moved(step), dropout).loss -
          lossAndGradient(moved(-step), dropout).loss;
        const error = Math.abs(difference / (2 * step) - derivatives[i]);
        assert(error < 1e-6 * size, `parameter ${i}: ${derivatives[i]}, off by ${error}`);
      });
    });
  }
}

Deno.test("the loss that is differentiated is networkLoss()", () => {
  for (const [name, architecture, hidden] of architectures) {
    const network = randomNetwork(9, { hidden, architecture });
    const { loss } = lossAndGradient(network);
    assert(Math.abs(networkLoss(network, x, { weightDecay }) / loss - 1) < 1e-13, name);
  }
});
