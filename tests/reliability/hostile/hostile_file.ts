/** A file that is made to harm, or that is damaged, and what an audit of it must end in. */
export interface HostileFile {
  /** Its path below the folder of all of them. */
  name: string;
  /** What is in it, or how it is made where it is more, or less, than bytes. */
  content: string | Uint8Array | ((path: string) => void | Promise<void>);
  /**
   * What the line says that refuses it; `"read"` where it turns out to be right, so that all
   * figures must be finite; `"either"` where a random damage may be one or the other.
   */
  outcome: RegExp | "read" | "either";
}

/** Writes a file of a corpus. */
export async function writeHostile({ content }: HostileFile, path: string): Promise<void> {
  if (typeof content === "string") Deno.writeTextFileSync(path, content);
  else if (content instanceof Uint8Array) Deno.writeFileSync(path, content);
  else await content(path);
}

/** A file that says much and holds nothing: the rest of its size takes no place on the disk. */
export function sparse(start: Uint8Array, size: number): (path: string) => void {
  return (path) => {
    Deno.writeFileSync(path, start);
    Deno.truncateSync(path, size);
  };
}
