/**
 * The bytes that a module beside the page holds: base64 of gzip, as its default export.
 *
 * @param address The address of the module.
 */
export async function unpackedModule(address: string): Promise<ArrayBuffer> {
  const { default: text } = await import(address) as { default: string };
  const packed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).arrayBuffer();
}
