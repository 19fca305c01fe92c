// The elementary functions of AssemblyScript's own Math, a port of musl's and of Arm's optimized
// routines: additions, products, divisions and tables of f64 alone, which WebAssembly rounds in the
// same way in every engine. Their errors are at most 0.52 units in the last place for exp and log,
// 0.55 for log2 and pow, and below 1 for log1p.

export function exp(x: f64): f64 {
  return Math.exp(x);
}

export function log(x: f64): f64 {
  return Math.log(x);
}

export function log1p(x: f64): f64 {
  return Math.log1p(x);
}

export function log2(x: f64): f64 {
  return Math.log2(x);
}

export function pow(x: f64, y: f64): f64 {
  return Math.pow(x, y);
}
