import { comparePng } from "./compare_png.ts";

// Coordinates are written with two decimals: the last one may be rounded the other way, in two
// numbers that are then subtracted.
const NUMBER_TOLERANCE = 0.02 + 1e-9;

// A number of pixels; "0.71em" stands in the source, and is multiplied by the size of the font.
const PIXELS = /[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?(?!em|[\d.%])/gi;

/** The attributes whose numbers are coordinates or lengths of a shape. */
const LENGTHS = new Set(
  "x y x1 x2 y1 y2 cx cy r rx ry d points transform width height viewBox".split(" "),
);

const TAG = /<!--[\s\S]*?-->|<(?:[^"'>]|"[^"]*"|'[^']*')*>/g;
const ATTRIBUTE = /([^\s="'<>/]+)\s*=\s*("[^"]*"|'[^']*')/g;
const PNG = /data:image\/png;base64,([A-Za-z0-9+/=]+)/g;
const COLOR = /#[0-9a-f]{6}(?:[0-9a-f]{2})?\b|#[0-9a-f]{3,4}\b|\brgba?\([^)]*\)/gi;
const NUMBER = /[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi;

/**
 * Says how two pieces of SVG or HTML differ, or returns `undefined` where they are the same: equal
 * in tags, attributes and text, but for the coordinates and lengths of shapes, which may differ by 0.02;
 * colors, by 1 of 255 in a channel; and PNG pictures in data URIs, as in {@link comparePng}.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { compareMarkup } from "./compare_markup.ts";
 *
 * assert.equal(compareMarkup(`<circle r="1.01"/>`, `<circle r="1.02"/>`), undefined);
 * assert.match(compareMarkup(`<circle r="1"/>`, `<circle r="2"/>`)!, /attribute r of <circle>/);
 * assert.match(compareMarkup(`<a opacity="0.55"/>`, `<a opacity="0.57"/>`)!, /attribute opacity/);
 * assert.match(compareMarkup(`<b>1.01</b>`, `<b>1.02</b>`)!, /text/);
 * ```
 */
export function compareMarkup(committed: string, fresh: string): string | undefined {
  if (committed === fresh) return undefined;
  const [a, b] = [split(committed), split(fresh)];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = i % 2 === 0
      ? compareText(a[i] ?? "", b[i] ?? "")
      : compareTags(a[i] ?? "", b[i] ?? "");
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** Texts at the even places, the tags between them at the odd ones. */
function split(markup: string): string[] {
  const parts: string[] = [];
  let end = 0;
  for (const tag of markup.matchAll(TAG)) {
    parts.push(markup.slice(end, tag.index), tag[0]);
    end = tag.index + tag[0].length;
  }
  return [...parts, markup.slice(end)];
}

function compareText(a: string, b: string): string | undefined {
  return a === b ? undefined : `the text is ${excerpt(b)}, committed is ${excerpt(a)}`;
}

function compareTags(a: string, b: string): string | undefined {
  if (a === b) return undefined;
  const [as, bs] = [[...a.matchAll(ATTRIBUTE)], [...b.matchAll(ATTRIBUTE)]];
  const skeleton = (tag: string) => tag.replace(ATTRIBUTE, "$1=");
  if (as.length !== bs.length || skeleton(a) !== skeleton(b)) {
    return `the tag is ${excerpt(b)}, committed is ${excerpt(a)}`;
  }
  const element = /^<[^\s/>]+/.exec(a)?.[0] ?? "<";
  for (const [i, [, name, value]] of as.entries()) {
    const difference = compareAttributes(name, value, bs[i][2]);
    if (difference !== undefined) return `attribute ${name} of ${element}>: ${difference}`;
  }
  return undefined;
}

function compareAttributes(name: string, a: string, b: string): string | undefined {
  if (a === b) return undefined;
  const [pngsA, pngsB] = [[...a.matchAll(PNG)], [...b.matchAll(PNG)]];
  if (pngsA.length === pngsB.length) {
    for (const [i, [, png]] of pngsA.entries()) {
      const difference = comparePng(png, pngsB[i][1]);
      if (difference !== undefined) return difference;
    }
  }
  const [restA, restB] = [a.replace(PNG, ""), b.replace(PNG, "")];
  const differ = `the value is ${excerpt(restB)}, committed is ${excerpt(restA)}`;
  if (!allNear(restA.match(COLOR), restB.match(COLOR), colorsNear)) return differ;
  const [a2, b2] = [restA.replace(COLOR, "color"), restB.replace(COLOR, "color")];
  if (!LENGTHS.has(name)) return a2 === b2 ? undefined : differ;
  const near = (x: string, y: string) => Math.abs(Number(x) - Number(y)) <= NUMBER_TOLERANCE;
  if (!allNear(a2.match(PIXELS), b2.match(PIXELS), near)) return differ;
  return a2.replace(PIXELS, "0") === b2.replace(PIXELS, "0") ? undefined : differ;
}

function allNear(
  a: readonly string[] | null,
  b: readonly string[] | null,
  near: (x: string, y: string) => boolean,
): boolean {
  const bs = b ?? [];
  return (a ?? []).length === bs.length && (a ?? []).every((x, i) => near(x, bs[i]));
}

function colorsNear(a: string, b: string): boolean {
  const [p, q] = [channels(a), channels(b)];
  return p.length === q.length && p.every((channel, i) => Math.abs(channel - q[i]) <= 1);
}

/** Red, green, blue, and opacity where there is one, each of 255. */
function channels(color: string): number[] {
  if (!color.startsWith("#")) {
    const numbers = color.match(NUMBER)?.map(Number) ?? [];
    return numbers.map((number, i) => i === 3 ? 255 * number : number);
  }
  const digits = color.slice(1);
  const wide = digits.length <= 4 ? digits.replace(/./g, "$&$&") : digits;
  return wide.match(/../g)!.map((pair) => Number.parseInt(pair, 16));
}

/** A short piece of a text, quoted, for a message. */
function excerpt(text: string): string {
  return JSON.stringify(text.length <= 160 ? text : `${text.slice(0, 157)}...`);
}
