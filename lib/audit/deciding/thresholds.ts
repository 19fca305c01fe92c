/** Where the verdict draws its lines, and why there. */
export const thresholds = {
  items: {
    name: "below this many different items, nothing is said",
    value: 50,
    source: "our choice: five times the ten neighbors that are compared",
  },
  noise: {
    name: "cosines count as noise within this many standard errors of random vectors'",
    value: 5,
    source:
      "by chance random vectors are beyond it in one file of thousands, of hundreds in 2 or 3 dimensions",
  },
  unitNorm: {
    name: "vectors count as of one norm where norms vary by less than this share of their mean",
    value: 0.01,
    source: "rounding unit vectors to float16 leaves 0.0005, to 8 bits about 0.005",
  },
  stable: {
    name: "neighbors count as stable where random stretches up to 2 times keep at least this share",
    value: 0.95,
    source: "our choice: at most one neighbor in twenty",
  },
  balanced: {
    name: "users and items count as balanced where PᵀP and QᵀQ differ by less than this share",
    value: 0.1,
    source: "solutions of Eq. 2 differ by 1e-15, simulated models of Eq. 1 by 0.5 or more",
  },
  popularity: {
    name: "norms count as going with popularity from this rank correlation on",
    value: 0.3,
    source: "a medium effect by the convention of Cohen (1988)",
  },
  anisotropic: {
    name: "vectors count as sharing a direction from this mean cosine of random pairs on",
    value: 0.25,
    source: "our choice: uniform directions have 0, simulated models of Eq. 2 more than 0.5",
  },
  hubs: {
    name: "few items count as neighbors of very many from this skewness of their counts on",
    value: 1.4,
    source: "Feldbauer and Flexer (2019); chance leaves 0.3 with ten neighbors",
  },
  rogue: {
    name: "few coordinates count as rogue where they hold this share of all squares",
    value: 0.5,
    source: "our choice, and each ten times the median; compare Timkey and van Schijndel (2021)",
  },
} as const;

/** One line that the verdict draws. */
export interface Threshold {
  name: string;
  value: number;
  source: string;
}
