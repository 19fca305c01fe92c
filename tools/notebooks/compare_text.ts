/** Says in which line two texts first differ, or returns `undefined` where they are equal. */
export function compareText(committed: string, fresh: string): string | undefined {
  if (committed === fresh) return undefined;
  const [a, b] = [committed.split("\n"), fresh.split("\n")];
  const line = a.findIndex((text, i) => text !== b[i]);
  const at = line < 0 ? a.length : line;
  return `line ${at + 1} is ${quote(b[at])}, committed is ${quote(a[at])}`;
}

function quote(line: string | undefined): string {
  return line === undefined ? "missing" : JSON.stringify(line);
}
