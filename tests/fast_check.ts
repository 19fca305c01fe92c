/**
 * fast-check with one seed for every property, so that a run of all tests is the same each time.
 * Another seed looks for new counterexamples: `FAST_CHECK_SEED=7 deno task test`.
 *
 * @module
 */
import fc from "fast-check";

fc.configureGlobal({ seed: Number(Deno.env.get("FAST_CHECK_SEED") ?? 2024) });

export default fc;
