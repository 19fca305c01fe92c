import { assertBoolean } from "../check/assert_boolean.ts";
import { assertOneOf } from "../check/assert_one_of.ts";
import { assertFinite, LARGEST_FACTOR } from "../check/assert_finite.ts";
import { assertNumbers } from "../check/assert_numbers.ts";
import { assertObject } from "../check/assert_object.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { assertInteractions } from "../interactions/assert_interactions.ts";
import type { HiddenLayer, Network } from "./network.ts";

/**
 * Throws unless `network` is one whose shapes fit together.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 */
export function assertNetwork(action: string, network: Network): void {
  assertObject(action, "network", network);
  assertObject(action, "network.architecture", network.architecture);
  const { activation, output, normalizeInput } = network.architecture;
  assertOneOf(action, "activation", activation, ["relu", "tanh", "linear"]);
  assertOneOf(action, "output", output, ["dot", "cosine"]);
  assertBoolean(action, "normalizeInput", normalizeInput);
  if (!Array.isArray(network.hidden) || network.hidden.length === 0) {
    throw new TypeError(`Cannot ${action}: network.hidden must be an array of at least one layer`);
  }
  assertFinite(action, "network.items", network.items, LARGEST_FACTOR);
  const { rows: p, columns: k } = network.items;
  let below = p;
  network.hidden.forEach((hidden: HiddenLayer, layer) => {
    assertObject(action, `hidden layer ${layer}`, hidden);
    const { weights, bias } = hidden;
    assertFinite(action, `the weights of hidden layer ${layer}`, weights, LARGEST_FACTOR);
    assertShape(
      action,
      `the weights of hidden layer ${layer} must have as many rows as there are inputs:`,
      weights.rows,
      below,
    );
    assertLength(action, `the bias of hidden layer ${layer}`, bias, weights.columns);
    below = weights.columns;
  });
  assertShape(
    action,
    "the last hidden layer must have as many units as items has columns:",
    below,
    k,
  );
  assertLength(action, "network.itemBias", network.itemBias, p);
  for (const affine of [network.affine?.users, network.affine?.items]) {
    assertLength(action, "a gain", affine?.gain ?? null, k);
    assertLength(action, "an offset", affine?.offset ?? null, k);
  }
}

/** Throws unless `x` is Interactions with the items of the network, and none is negative. */
export function assertInput(
  action: string,
  x: Interactions,
  items: number,
  name = "x",
): void {
  assertInteractions(action, name, x);
  if (x.items !== items) {
    throw new RangeError(
      `Cannot ${action}: ${name} must have the ${items} items of the network, it has ${x.items}`,
    );
  }
  assertCounts(action, x, name);
}

/** Throws where an interaction is negative: the multinomial likelihood takes them for counts. */
export function assertCounts(action: string, x: Interactions, name = "x"): void {
  const negative = x.values?.find((value) => value < 0);
  if (negative !== undefined) {
    throw new RangeError(
      `Cannot ${action}: ${name} must have no negative values, one is ${negative}`,
    );
  }
}

function assertShape(action: string, what: string, actual: number, expected: number): void {
  if (actual === expected) return;
  throw new RangeError(`Cannot ${action}: ${what} ${expected}, current value is ${actual}`);
}

function assertLength(
  action: string,
  name: string,
  row: Float64Array | null,
  length: number,
): void {
  if (row === null) return;
  if (!(row instanceof Float64Array)) {
    throw new TypeError(`Cannot ${action}: ${name} must be a Float64Array or null`);
  }
  if (row.length !== length) {
    throw new RangeError(
      `Cannot ${action}: ${name} must have ${length} entries, it has ${row.length}`,
    );
  }
  assertNumbers(action, name, row, -LARGEST_FACTOR, LARGEST_FACTOR);
}
