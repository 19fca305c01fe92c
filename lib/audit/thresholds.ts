/** Where the verdict draws its lines, and why there. */
export const thresholds = {
  unitNorm: {
    name: "vectors count as of one norm where norms vary by less than this share of their mean",
    value: 0.01,
    source: "rounding unit vectors to float16 leaves 0.0005, to 8 bits about 0.005",
  },
  stable: {
    name: "neighbors count as stable where a random D with κ = 2 keeps at least this share of them",
    value: 0.95,
    source:
      "our choice: at most one neighbor in twenty; simulated models of Eq. 1 keep 0.73 to 0.86",
  },
  balanced: {
    name: "users and items count as balanced where PᵀP and QᵀQ differ by less than this share",
    value: 0.1,
    source: "solutions of Eq. 2 differ by 1e-15, simulated models of Eq. 1 by 0.8 or more",
  },
  popularity: {
    name: "norms count as going with popularity from this rank correlation on",
    value: 0.3,
    source: "a medium effect by the convention of Cohen (1988)",
  },
  anisotropy: {
    name: "vectors count as sharing a direction from this mean cosine of random pairs on",
    value: 0.25,
    source: "our choice: uniform directions have 0, simulated models of Eq. 2 more than 0.5",
  },
} as const;
