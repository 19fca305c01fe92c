import { exponentialOf } from "./multinomial";

/** tanh, of which e^−2|x| is all that has to be computed. */
function tanh(x: Real): Real {
  const e = exponentialOf(<Real> -2 * abs<Real>(x));
  const y = (<Real> 1 - e) / (<Real> 1 + e);
  return x < <Real> 0 ? -y : y;
}

/** A part of y = relu(x) (`kind` = 0) or tanh(x) (1). */
export function activate(
  chunk: i32, _worker: i32, bytes: usize, all: usize, kind: i32, x: usize, y: usize,
): void {
  const last = min(<usize> (chunk + 1) * bytes, all);
  for (let at = <usize> chunk * bytes; at < last; at += sizeof<Real>()) {
    const value = load<Real>(x + at);
    store<Real>(y + at, kind === 0 ? max<Real>(value, <Real> 0) : tanh(value));
  }
}

/** Adds the gradient by x to `dx`, given y and the gradient `dy` by y. */
export function activateBack(
  chunk: i32, _worker: i32, bytes: usize, all: usize, kind: i32, y: usize, dy: usize, dx: usize,
): void {
  const last = min(<usize> (chunk + 1) * bytes, all);
  for (let at = <usize> chunk * bytes; at < last; at += sizeof<Real>()) {
    const value = load<Real>(y + at);
    const slope = kind === 0 ? (value > <Real> 0 ? <Real> 1 : <Real> 0) : <Real> 1 - value * value;
    store<Real>(dx + at, load<Real>(dx + at) + slope * load<Real>(dy + at));
  }
}

/** A part of y = e^θ·x, θ ≤ 87 being a number in memory. */
export function temper(
  chunk: i32, _worker: i32, bytes: usize, all: usize, theta: usize, x: usize, y: usize, add: i32,
): void {
  const factor = <Real> 1 / exponentialOf(-load<Real>(theta));
  const last = min(<usize> (chunk + 1) * bytes, all);
  for (let at = <usize> chunk * bytes; at < last; at += sizeof<Real>()) {
    store<Real>(y + at, (add ? load<Real>(y + at) : <Real> 0) + factor * load<Real>(x + at));
  }
}

/** Adds the sum of all products of the entries of x and y to the number at `sum`. */
export function dot(all: usize, x: usize, y: usize, sum: usize): void {
  let total: f64 = 0;
  for (let at: usize = 0; at < all; at += sizeof<Real>()) {
    total += <f64> load<Real>(x + at) * <f64> load<Real>(y + at);
  }
  store<Real>(sum, load<Real>(sum) + <Real> total);
}

/** Adds a multiple of x to y. */
export function addMultiple(
  chunk: i32, _worker: i32, bytes: usize, all: usize, factor: f64, x: usize, y: usize,
): void {
  const last = min(<usize> (chunk + 1) * bytes, all);
  const f = v128.splat<Real>(<Real> factor);
  for (let at = <usize> chunk * bytes; at < last; at += 16) {
    v128.store(y + at, v128.add<Real>(v128.load(y + at), v128.mul<Real>(f, v128.load(x + at))));
  }
}

/**
 * A step of Adam (Kingma and Ba, 2015, algorithm 1, with its bias corrections) for a part of a
 * parameter.
 *
 * @param rate The learning rate, divided by 1 − β₁ᵗ.
 * @param correction 1 / (1 − β₂ᵗ).
 */
export function adam(
  chunk: i32, _worker: i32, bytes: usize, all: usize, parameter: usize, gradient: usize,
  mean: usize, square: usize, rate: f64, correction: f64,
): void {
  const last = min(<usize> (chunk + 1) * bytes, all);
  const b1 = v128.splat<Real>(<Real> 0.9), c1 = v128.splat<Real>(<Real> 0.1);
  const b2 = v128.splat<Real>(<Real> 0.999), c2 = v128.splat<Real>(<Real> 0.001);
  const step = v128.splat<Real>(<Real> rate), corrected = v128.splat<Real>(<Real> correction);
  const epsilon = v128.splat<Real>(<Real> 1e-8);
  for (let at = <usize> chunk * bytes; at < last; at += 16) {
    const g = v128.load(gradient + at);
    const m = v128.add<Real>(v128.mul<Real>(b1, v128.load(mean + at)), v128.mul<Real>(c1, g));
    const s = v128.add<Real>(
      v128.mul<Real>(b2, v128.load(square + at)), v128.mul<Real>(c2, v128.mul<Real>(g, g)),
    );
    v128.store(mean + at, m);
    v128.store(square + at, s);
    const size = v128.add<Real>(v128.sqrt<Real>(v128.mul<Real>(s, corrected)), epsilon);
    const change = v128.div<Real>(v128.mul<Real>(step, m), size);
    v128.store(parameter + at, v128.sub<Real>(v128.load(parameter + at), change));
  }
}
