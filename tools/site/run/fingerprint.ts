import { svgDigest } from "../../../lib/notebook/svg_digest.ts";
import { joinLines, type MultilineText, type Output } from "../../notebooks/outputs.ts";

/**
 * Digests of what outputs say, one for each: two are equal if the outputs are the same to the last
 * digit, wherever they were computed.
 *
 * Texts and tables count byte by byte. A picture counts as the SVG it is: a PNG names the one it was
 * drawn from, and heatmaps are in it, byte by byte. Of the slider its data, title and caption count, and
 * not its script and the picture that stands in for it.
 *
 * @param outputs The outputs of a cell, normalized.
 * @returns The digests in order.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fingerprint } from "./fingerprint.ts";
 *
 * const stream = (text: string) => [{ output_type: "stream" as const, name: "stdout", text }];
 * assert.deepEqual(await fingerprint(stream("0.851\n")), await fingerprint(stream("0.851\n")));
 * assert.notDeepEqual(await fingerprint(stream("0.851\n")), await fingerprint(stream("0.850\n")));
 * ```
 */
export async function fingerprint(outputs: readonly Output[]): Promise<string[]> {
  return await Promise.all(outputs.map(async ({ output_type, name, text, data = {} }) => {
    const forms = await Promise.all(
      Object.entries(data).map(([type, value]) => comparable(type, value)),
    );
    return await sha256(JSON.stringify([output_type, name ?? "", joinLines(text), forms.sort()]));
  }));
}

async function comparable(type: string, value: unknown): Promise<string> {
  const text = typeof value === "string" || Array.isArray(value)
    ? joinLines(value as MultilineText)
    : JSON.stringify(value);
  switch (type) {
    case "image/svg+xml":
      return `drawing ${await sha256(text)}`;
    case "image/png":
      return `drawing ${svgDigest(text) ?? "that has no name"}`;
    case "text/html":
      return `${type} ${
        text.replace(/<script>[\s\S]*?<\/script>/g, "<script></script>")
          .replace(/(?<=src=")data:image\/[^"]*/g, "")
      }`;
    default:
      return `${type} ${text}`;
  }
}

async function sha256(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
