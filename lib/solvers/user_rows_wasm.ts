// Built from assembly/user_rows.ts by `deno task build`.
import type { KernelSource } from "../kernels/kernels.ts";

/** The functions that the module exports. */
export interface Exports {
  userRows(chunk: number, worker: number, users: number, n: number, rowStarts: number, items: number, values: number, a: number, width: number, out: number): void;
}

/** The WebAssembly module, as base64. */
export default "AGFzbQEAAAABDgFgCn9/f39/f39/f38AAhIBA2VudgZtZW1vcnkCAwGAgAQDAgEABwwBCHVzZXJSb3dzAAAK8gIB7wICBXsDfyAAIAJsIgEgAmoiACADIAAgA0gbIREDQCAIIA9LBEAgASEAA0AgACARSARAIAQgAEECdGoiAigCBCED/QwAAAAAAAAAAAAAAAAAAAAAIQr9DAAAAAAAAAAAAAAAAAAAAAAhC/0MAAAAAAAAAAAAAAAAAAAAACEM/QwAAAAAAAAAAAAAAAAAAAAAIQ0gAigCACECA0AgAiADSQRAIAcgBSACQQJ0aigCACAIbGogD2ohECAKIAYEeyAGIAJBA3Rq/QoDAAX9DAAAAAAAAPA/AAAAAAAA8D8LIg4gEP0ABAD98gH98AEhCiALIA4gEP0ABBD98gH98AEhCyAMIA4gEP0ABCD98gH98AEhDCANIA4gEP0ABDD98gH98AEhDSACQQFqIQIMAQsLIAkgACAIbGogD2oiAiAK/QsEACACIAv9CwQQIAIgDP0LBCAgAiAN/QsEMCAAQQFqIQAMAQsLIA9BQGshDwwBCwsL" as KernelSource<Exports>;
