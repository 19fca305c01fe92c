/** The connected components of rows that have these neighbors, largest first; each ascending. */
export function components(neighbors: ArrayLike<number>, count: number, size: number): number[][] {
  const parent = Int32Array.from({ length: size }, (_, i) => i);
  const root = (i: number) => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]];
    return i;
  };
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < count; j++) parent[root(i)] = root(neighbors[i * count + j]);
  }
  const found = new Map<number, number[]>();
  for (let i = 0; i < size; i++) {
    const members = found.get(root(i));
    if (members === undefined) found.set(root(i), [i]);
    else members.push(i);
  }
  return [...found.values()].sort((a, b) => b.length - a.length || a[0] - b[0]);
}
