import * as L from "cosine-lab";
import { Matrix } from "ml-matrix";
const { B: b, clusters } = JSON.parse(Deno.readTextFileSync("/work/scratch/B_eq1.json"));
const B = new Matrix(b);
for (const measure of ["auc", "precision"] as const) {
  for (const condition of [1.5, 2, 5, 10]) {
    for (const goal of ["best", "worst"] as const) {
      for (const [starts, steps] of [[5, 120]]) {
        const t = performance.now();
        const r = L.extremeScaling({ A: B, B }, { labels: clusters, goal, measure }, {
          condition,
          starts,
          steps,
        });
        console.log(
          measure,
          condition,
          goal,
          starts,
          steps,
          r.before.toFixed(4),
          r.value.toFixed(4),
          ((performance.now() - t) / 1000).toFixed(1) + "s",
          [...r.d].filter((x) => x > 1.0001 && x < condition - 0.001).length,
        );
      }
    }
  }
}
for (const condition of [1.1, 1.5, 2, 5]) {
  for (const i of [0, 150]) {
    for (const steps of [20, 40, 100]) {
      const t = performance.now();
      const r = L.neighborReach(B, i, { condition, steps });
      console.log(
        condition,
        i,
        steps,
        r.nearest,
        r.reachable.length,
        r.unreachable.length,
        r.undecided.length,
        ((performance.now() - t) / 1000).toFixed(2),
      );
    }
  }
}
