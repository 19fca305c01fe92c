/**
 * fast-check with one seed for every property, so that a run of all tests is the same each time.
 * Another seed here looks for new counterexamples.
 *
 * @module
 */
import fc from "fast-check";

fc.configureGlobal({ seed: 2024 });

export default fc;
