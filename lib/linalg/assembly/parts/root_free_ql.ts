// Eigenvalues of a symmetric tridiagonal matrix T alone, in AssemblyScript: QL without square roots, on
// the squares of the off-diagonal (Pal, Walker and Kahan; Parlett, The symmetric eigenvalue
// problem, section 8.15; LAPACK's dsterf). A step takes two divisions where QL with rotations takes two
// and a root, and writes nothing down.
import { at, put } from "./numbers";

/**
 * Replaces d by the eigenvalues, in no particular order.
 *
 * @param e The off-diagonal, p − 1 numbers; overwritten.
 * @param negligible The rounding level of T.
 * @returns How many eigenvalues were found: p, or fewer if one takes more than 50 steps.
 */
export function findEigenvalues(p: i32, d: usize, e: usize, negligible: f64): i32 {
  const tiny = negligible * negligible;
  for (let i = 0; i + 1 < p; i++) put(e, i, at(e, i) * at(e, i));
  for (let l = 0; l < p; l++) {
    for (let count = 0;; count++) {
      let m = l;
      for (; m + 1 < p; m++) {
        const relative = f64.EPSILON * f64.EPSILON * 0.25 * abs(at(d, m) * at(d, m + 1));
        if (at(e, m) <= relative || at(e, m) <= tiny) break;
      }
      if (m === l) break;
      if (count > 50) return l;
      const root = sqrt(at(e, l));
      const half = (at(d, l + 1) - at(d, l)) / (2 * root);
      const shift = at(d, l) - root / (half + copysign(sqrt(half * half + 1), half));
      let c: f64 = 1, s: f64 = 0;
      let gamma = at(d, m) - shift;
      let square = gamma * gamma;
      for (let i = m - 1; i >= l; i--) {
        const beside = at(e, i);
        const r = square + beside;
        if (i !== m - 1) put(e, i + 1, s * r);
        const before = c, old = gamma, alpha = at(d, i);
        c = square / r;
        s = beside / r;
        gamma = c * (alpha - shift) - s * old;
        put(d, i + 1, old + (alpha - gamma));
        square = c !== 0 ? gamma * gamma / c : before * beside;
      }
      put(e, l, s * square);
      put(d, l, shift + gamma);
      if (m + 1 < p) put(e, m, 0);
    }
  }
  return p;
}
