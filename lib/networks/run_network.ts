import { assertThreads } from "./assert_threads.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { assertOneOf } from "../check/assert_one_of.ts";
import { assertInput, assertNetwork } from "./assert_network.ts";
import type { Network } from "./network.ts";
import { type Activations, networkCrew, NetworkTape } from "./network_tape.ts";
import { type UserBatch, UserBatches } from "./user_batch.ts";
import type { Precision } from "./variable.ts";

/** Options of what computes a network without training it. */
export interface NetworkRunOptions {
  /** @default {"float64"} */
  precision?: Precision;
  /** How many threads compute; one for each core by default. No result depends on it. */
  threads?: number;
}

/** How many users are computed at once. */
const BATCH = 512;

/** Below this many users, workers take longer to start than they save. */
const WORTH_WORKERS = 1024;

/**
 * Computes a network for all users, batch after batch.
 *
 * @param action What cannot be done with bad input.
 * @param use What to do with each batch, and the number of its first user; it must copy what it keeps.
 */
export function runNetwork(
  action: string,
  network: Network,
  x: Interactions,
  { precision = "float64", threads }: NetworkRunOptions,
  use: (computed: Activations, first: number, run: NetworkTape, batch: UserBatch) => void,
): void {
  assertNetwork(action, network);
  assertInput(action, x, network.items.rows);
  assertOneOf(action, "precision", precision, ["float32", "float64"]);
  assertThreads(action, threads);
  using crew = networkCrew(precision, threads ?? (x.users < WORTH_WORKERS ? 1 : undefined));
  const run = new NetworkTape(crew, precision, network);
  const batches = new UserBatches(crew, run.tape.memory.bytes, x);
  const normalize = network.architecture.normalizeInput;
  for (let first = 0; first < x.users; first += BATCH) {
    const size = Math.min(BATCH, x.users - first);
    const users = Uint32Array.from({ length: size }, (_, r) => first + r);
    run.tape.begin();
    const batch = batches.take(users, { normalize, dropout: 0, key: 0 });
    use(run.forward(batch), first, run, batch);
  }
  crew.closeAndLend();
}
