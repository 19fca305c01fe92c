/** How many eigenvectors the kernels transform at once: they lie in panels of so many columns. */
export const PANEL = 8;

/** Where row i of eigenvector j is in panels of p rows. */
export function panelIndex(p: number, i: number, j: number): number {
  return (Math.floor(j / PANEL) * p + i) * PANEL + j % PANEL;
}
