// Eigenvalues of a symmetric tridiagonal matrix T by implicit QL, with the rotations that it takes, in
// AssemblyScript: T − s·I = Q·L, and L·Q + s·I in its place, until the off-diagonal vanishes.
import { at, put } from "./numbers";

/**
 * Makes d[l] an eigenvalue by implicit QL, e[l] beside it being below d[l] here. Writes down each
 * rotation: its cosine and sine to `rotations`, and the rows of each sweep to `sweeps`, its first
 * and its last.
 *
 * @param negligible The rounding level of T. Where T is almost zero, as for the many eigenvalues 0 of a
 * matrix of low rank, entries are never small relative to each other.
 * @returns The number of sweeps, or −1 for more than 50.
 */
export function findEigenvalue(
  l: i32, p: i32, d: usize, e: usize, negligible: f64, rotations: usize, sweeps: usize,
): i32 {
  for (let count = 0; count <= 50; count++) {
    let m = l;
    for (; m + 1 < p; m++) {
      const size = abs(at(d, m)) + abs(at(d, m + 1));
      if (abs(at(e, m)) <= f64.EPSILON * size * 0.5 || abs(at(e, m)) <= negligible) break;
    }
    if (m === l) return count;
    let g = (at(d, l + 1) - at(d, l)) / (2 * at(e, l));
    let r = sqrt(g * g + 1);
    if (!isFinite(r)) r = abs(g);
    g = at(d, m) - at(d, l) + at(e, l) / (g + copysign(r, g));
    let s: f64 = 1, c: f64 = 1, shift: f64 = 0;
    let i = m - 1;
    for (; i >= l; i--) {
      const f = s * at(e, i), b = c * at(e, i);
      r = sqrt(f * f + g * g);
      put(e, i + 1, r);
      if (r === 0) {
        put(d, i + 1, at(d, i + 1) - shift);
        put(e, m, 0);
        break;
      }
      s = f / r;
      c = g / r;
      g = at(d, i + 1) - shift;
      r = (at(d, i) - g) * s + 2 * c * b;
      shift = s * r;
      put(d, i + 1, g + shift);
      g = c * r - b;
      store<f64>(rotations, c);
      store<f64>(rotations, s, 8);
      rotations += 16;
    }
    store<u32>(sweeps, i + 1);
    store<u32>(sweeps, m, 4);
    sweeps += 8;
    if (i >= l) continue;
    put(d, l, at(d, l) - shift);
    put(e, l, g);
    put(e, m, 0);
  }
  return -1;
}
