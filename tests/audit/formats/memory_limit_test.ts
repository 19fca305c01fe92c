import assert from "node:assert/strict";
import { InputError, openEmbeddings, type OpenOptions } from "cosine-lab/audit";
import pl from "nodejs-polars";
import {
  deflatedZeros,
  joined,
  littleEndian,
  npyBytes,
  sparse,
  utf8,
  zipBytes,
} from "../../reliability/hostile/hostile_file.ts";
import { withTemporaryFolder } from "../../folder.ts";
import type { ByteSource } from "../../../lib/audit/formats/bytes.ts";
import { openOptions } from "../../../lib/audit/formats/embedding_file.ts";
import { openSources } from "../../../lib/audit/formats/open_blob.ts";
import { readRows } from "./read_rows.ts";

/** Opening ends in one line that matches. */
async function refuses(path: string, message: RegExp, options?: OpenOptions): Promise<void> {
  await assert.rejects(
    async () => readRows((await openEmbeddings(path, options)).rows),
    (error) => {
      assert(error instanceof InputError, `${path}: ${(error as Error).stack}`);
      assert.match(error.message, message);
      return true;
    },
  );
}

Deno.test("what would take more than the limit is refused before it is taken", async () => {
  await withTemporaryFolder(async (folder) => {
    const path = (name: string) => `${folder}/${name}`;
    sparse(joined(littleEndian(99_000_000, 8), "{"), 4e9)(path("a.safetensors"));
    await refuses(path("a.safetensors"), /its header takes 495 MB, .* is 100 MB/, { memory: 100 });
    Deno.writeTextFileSync(path("a.csv"), "x,y\n".padEnd(3_000_000, "0.12345,0.54321\n"));
    await refuses(path("a.csv"), /x 2 numbers takes \d MB, the limit \(memory\) is 1 MB/, {
      memory: 1,
    });
    const words = Array.from({ length: 40_000 }, (_, i) => `w${i} 0.5 0.25 0.125 0.5`).join("\n");
    Deno.writeTextFileSync(path("a.vec"), words);
    await refuses(path("a.vec"), /takes 1 MB|takes 2 MB/, { memory: 0.4 });
    Deno.writeTextFileSync(path("a.jsonl"), '{"id":1,"embedding":[1,2,3,4]}\n'.repeat(40_000));
    await refuses(path("a.jsonl"), /takes \d MB, the limit/, { memory: 0.4 });
    const header = npyBytes("'<f4'", "(2000000, 50)", utf8(""));
    const content = joined(header, deflatedZeros(40));
    const bomb = { name: "x.npy", content, packed: true, method: 8, size: 4e8 };
    Deno.writeFileSync(path("a.npz"), zipBytes([bomb]));
    await refuses(path("a.npz"), /unpacking it takes 400 MB, the limit \(memory\) is 100 MB/, {
      memory: 100,
    });
  });
});

Deno.test("what an engine has no memory for is no bug, and it is said what to do", async () => {
  // More than the longest array, whatever memory the machine has.
  const source: ByteSource = {
    name: "a.arrow",
    size: 2 ** 52,
    read: (_, bytes) => bytes.set(utf8("ARROW1\0\0").subarray(0, bytes.length)),
  };
  await assert.rejects(
    openSources("a.arrow", [{ source, path: "a.arrow" }], openOptions({ memory: 1e12 })),
    { name: "InputError", message: /^a\.arrow cannot be read at once: .*memory.*np\.save/ },
  );
});

Deno.test("a table of 20,000 columns in Parquet or Arrow is refused", async () => {
  await withTemporaryFolder(async (folder) => {
    const columns = Array.from({ length: 20_000 }, (_, c) => [`x${c}`, [c, 1]]);
    const frame = pl.DataFrame(Object.fromEntries(columns));
    frame.writeParquet(`${folder}/a.parquet`);
    await refuses(`${folder}/a.parquet`, /rows of 20,000 coordinates/);
    frame.writeIPC(`${folder}/a.arrow`);
    await refuses(`${folder}/a.arrow`, /rows of 20,000 coordinates/);
  });
});
