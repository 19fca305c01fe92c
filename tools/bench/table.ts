interface Row {
  row: string;
  yardstick: string;
  target?: number;
}

/** Seconds by row, and what is made of them: medians, and ratios to a yardstick. */
export class Table {
  /** Whether what is added counts. */
  recording = true;
  readonly #seconds = new Map<string, number[]>();
  readonly #peaks = new Map<string, number[]>();
  readonly #rows: Row[] = [];

  /** @param rounds How many rounds there will be, for the title. */
  constructor(readonly rounds: number) {}

  add(row: string, seconds: number): void {
    if (this.recording) push(this.#seconds, row, seconds);
  }

  /** Notes the peak of resident memory of a process. */
  addPeak(row: string, megabytes: number): void {
    if (this.recording) push(this.#peaks, row, megabytes);
  }

  /** Makes a line that compares a row with its yardstick. */
  compare(row: string, yardstick: string, target?: number): void {
    this.#rows.push({ row, yardstick, target });
  }

  /** The ratio to the yardstick, of each row that has one. */
  ratios(): { row: string; ratio: number }[] {
    return this.#rows.flatMap(({ row, yardstick }) => {
      const [own, others] = [this.#seconds.get(row), this.#seconds.get(yardstick)];
      return own && others ? [{ row, ratio: median(own) / median(others) }] : [];
    });
  }

  toString(): string {
    const lines = this.#rows.filter(({ row }) => this.#seconds.has(row)).map((line) => {
      const own = median(this.#seconds.get(line.row)!);
      const others = this.#seconds.get(line.yardstick);
      const peaks = this.#peaks.get(line.row);
      return [
        line.row.padEnd(44),
        `${own.toFixed(3)} s`.padStart(10),
        (others ? `${median(others).toFixed(3)} s` : "").padStart(10),
        (others ? (own / median(others)).toFixed(2) : "").padStart(6),
        (line.target ? `≤ ${line.target}` : "").padStart(7),
        (peaks ? `${median(peaks).toFixed(0)} MB` : "").padStart(8),
      ].join(" ");
    });
    const title = [
      `medians of ${this.rounds} rounds`.padEnd(44),
      "ours".padStart(10),
      "yardstick".padStart(10),
      "ratio".padStart(6),
      "target".padStart(7),
      "peak".padStart(8),
    ].join(" ");
    return [title, ...lines].join("\n");
  }
}

function push(map: Map<string, number[]>, key: string, value: number): void {
  map.set(key, [...map.get(key) ?? [], value]);
}

function median(values: number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}
