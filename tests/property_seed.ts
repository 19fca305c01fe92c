/**
 * Gives every property test one seed, so that a run of all tests is the same each time. A test that
 * is run without this file, by `deno test FILE`, looks for new counterexamples.
 *
 * @module
 */
import fc from "fast-check";

fc.configureGlobal({ seed: 2024 });
