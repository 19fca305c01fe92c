// Arrays of numbers in memory, in AssemblyScript.

/** Number i of an array. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function at(array: usize, i: i32): f64 {
  return load<f64>(array + (<usize> i << 3));
}

/** Sets number i of an array. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function put(array: usize, i: i32, value: f64): void {
  store<f64>(array + (<usize> i << 3), value);
}
