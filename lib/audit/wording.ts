/** A share as a percentage; below one with a digit more. */
export function percent(share: number): string {
  const value = 100 * share;
  return `${value.toFixed(share > 0 && value < 0.95 ? 1 : 0)} %`;
}

/** A share with its 95 % interval, as "37 % (± 3)". */
export function percentWithin(share: number, error: number): string {
  return `${percent(share)} (± ${Math.max(1, Math.ceil(196 * error))})`;
}

/** Three significant digits. */
export function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** A list in words: "a, b and c". */
export function listed(words: readonly (string | number)[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** "1 row", "2 rows". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** A number with so many digits after the point; no zero is negative. */
export function decimal(value: number, digits = 2): string {
  const text = value.toFixed(digits);
  return /^-0\.?0*$/.test(text) ? text.slice(1) : text;
}
