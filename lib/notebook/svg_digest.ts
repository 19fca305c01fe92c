/** The keyword of the text in a PNG that says which SVG it was drawn from: its SHA-256. */
export const SVG_DIGEST = "svg-sha256";

/**
 * The SHA-256 of the SVG that a PNG was drawn from, as it says itself; undefined where it does not.
 *
 * @param png The bytes of the PNG, as Base64.
 */
export function svgDigest(png: string): string | undefined {
  // It is the last text before the end, and no picture has to be decoded for it.
  const tail = atob(png.trim().slice(-4 * 64));
  return new RegExp(`tEXt${SVG_DIGEST}\\0([0-9a-f]{64})`).exec(tail)?.[1];
}
