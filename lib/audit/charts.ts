import { escapeHtml } from "../html.ts";

/** The size of a chart in its own units; the page scales it. */
const WIDTH = 460, HEIGHT = 220, LEFT = 46, RIGHT = 14, TOP = 12, BOTTOM = 40;

/** A bar from x1 to x2, and its height. */
interface Column {
  from: number;
  to: number;
  value: number;
}

/** What stands at the axes of a chart. */
interface ChartLabels {
  x: string;
  y: string;
  /** Where the x axis has numbers; by default at its ends and in the middle. */
  ticks?: readonly number[];
  /** How to write a value of the y axis. */
  format: (value: number) => string;
}

/** A histogram, or a spectrum, as SVG with the page's colors. */
export function columnChart(columns: readonly Column[], labels: ChartLabels): string {
  const least = columns[0].from, most = columns[columns.length - 1].to || 1;
  const top = niceTop(Math.max(...columns.map(({ value }) => value)));
  const across = most > least ? most - least : 1;
  const x = (value: number) => LEFT + (value - least) / across * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM);
  const bars = columns.map(({ from, to, value }) => {
    const width = Math.max(0.5, (most > least ? x(to) - x(from) : WIDTH - LEFT - RIGHT) - 1);
    return `<rect x="${fixed(x(from))}" y="${fixed(y(value))}" width="${fixed(width)}" height="${
      fixed(HEIGHT - BOTTOM - y(value))
    }" fill="var(--blue)"/>`;
  });
  const ticks = labels.ticks ?? (most > least ? [least, least + across / 2, most] : [least]);
  return chart(labels, [
    ...[0, top / 2, top].map((value) => rule(y(value), labels.format(value))),
    ...bars,
    ...ticks.map((value, i) => {
      const place = most > least ? x(value) : WIDTH / 2;
      const anchor = i === 0 && ticks.length > 1 ? "start" : i < 2 ? "middle" : "end";
      return `<text x="${fixed(place)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="${anchor}">${
        escapeHtml(short(value))
      }</text>`;
    }),
  ]);
}

/** A row of a chart of intervals. */
interface IntervalRow {
  label: string;
  low: number;
  middle: number;
  high: number;
  note: string;
}

/** Intervals between 0 and `most`, one below the other, as SVG. */
export function intervalChart(rows: readonly IntervalRow[], most: number, label: string): string {
  const left = 60, right = 64, step = 26, height = 14 + rows.length * step + 42;
  const x = (value: number) => left + value / most * (WIDTH - left - right);
  const bottom = 14 + rows.length * step;
  const lines = rows.map(({ label, low, middle, high, note }, i) => {
    const y = 14 + (i + 0.5) * step;
    return `<text x="${left - 8}" y="${y + 4}" text-anchor="end">${escapeHtml(label)}</text>` +
      `<rect x="${fixed(x(low))}" y="${y - 7}" width="${
        fixed(Math.max(1, x(high) - x(low)))
      }" height="14" rx="2" fill="var(--orange)" opacity="0.55"/>` +
      `<rect x="${fixed(x(middle) - 1.5)}" y="${
        y - 9
      }" width="3" height="18" fill="var(--text)"/>` +
      `<text class="soft" x="${WIDTH - right + 8}" y="${y + 4}">${escapeHtml(note)}</text>`;
  });
  const ticks = [0, most / 2, most].map((value) =>
    `<line class="axis" x1="${fixed(x(value))}" x2="${fixed(x(value))}" y1="10" y2="${bottom}"/>` +
    `<text x="${fixed(x(value))}" y="${bottom + 16}" text-anchor="middle">${short(value)}</text>`
  );
  return svg(height, label, [
    ...ticks,
    ...lines,
    `<text class="soft" x="${fixed(x(most / 2))}" y="${bottom + 34}" text-anchor="middle">${
      escapeHtml(label)
    }</text>`,
  ]);
}

function chart({ x, y }: ChartLabels, marks: string[]): string {
  return svg(HEIGHT, `${y} by ${x}`, [
    ...marks,
    `<text class="soft" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${
      escapeHtml(x)
    }</text>`,
  ]);
}

function svg(height: number, title: string, marks: readonly string[]): string {
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeHtml(title)}">${
    marks.join("")
  }</svg>`;
}

function rule(y: number, label: string): string {
  return `<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${fixed(y)}" y2="${
    fixed(y)
  }"/><text x="${LEFT - 6}" y="${fixed(y + 4)}" text-anchor="end">${escapeHtml(label)}</text>`;
}

/** The next of 1, 2, 4, 5, 10 times a power of ten. */
function niceTop(value: number): number {
  if (!(value > 0)) return 1;
  const power = Number(value.toExponential().replace(/^.*e/, "1e"));
  return power * [1, 2, 4, 5, 10].find((step) => value <= step * power * (1 + 1e-12))!;
}

function short(value: number): string {
  return value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-3)
    ? value.toExponential(1)
    : String(Number(value.toPrecision(3)));
}

function fixed(value: number): string {
  return value.toFixed(1);
}
