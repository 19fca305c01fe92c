import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const PROGRAM = `
import { Matrix } from "ml-matrix";
import { eigensolver } from "./lib/linalg/symmetric_eigen.ts";
import { truncatedSVD } from "./lib/linalg/truncated_svd.ts";
const { sigma } = truncatedSVD(new Matrix([[3, 0], [0, 4]]));
console.log(JSON.stringify({ solver: eigensolver(), sigma: [...sigma] }));
`;

/** Runs the program in a process of its own, with the variable set and with these permissions. */
async function run(lapack: string | null, permissions: string[] = ["--allow-ffi"]) {
  const { COSINE_LAB_LAPACK: _, ...env } = Deno.env.toObject();
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-read", "--allow-env", "--ext=ts", ...permissions, "-"],
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    env: { ...env, NO_COLOR: "1", ...(lapack !== null && { COSINE_LAB_LAPACK: lapack }) },
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  const process = command.spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(PROGRAM));
  await writer.close();
  const { code, stdout, stderr } = await process.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("COSINE_LAB_LAPACK=off turns LAPACK off, silently", async () => {
  const { code, stdout, stderr } = await run("off");
  assert.equal(code, 0, stderr);
  assert.equal(stdout, '{"solver":{"name":"portable"},"sigma":[4,3]}\n');
  assert.equal(stderr, "");
});

Deno.test("a path that is no LAPACK is a clear error", async () => {
  const { code, stderr } = await run("/nowhere/liblapack.so");
  assert.notEqual(code, 0);
  assert.match(
    stderr,
    /RangeError: Cannot open LAPACK: COSINE_LAB_LAPACK must be "off" or the path of a library with dsyevr and dsyevd, current value is "\/nowhere\/liblapack.so"/,
  );
});

Deno.test("without permission to call libraries, the portable solver runs silently", async () => {
  for (const lapack of [null, "/nowhere/liblapack.so"]) {
    const { code, stdout, stderr } = await run(lapack, ["--deny-ffi"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /"portable"/);
    assert.equal(stderr, "");
  }
});

Deno.test("a library that is named is the one that is used", async () => {
  const { stdout } = await run(null);
  const { solver } = JSON.parse(stdout);
  if (solver.name !== "LAPACK") return;
  const named = await run(solver.library);
  assert.deepEqual(JSON.parse(named.stdout), JSON.parse(stdout));
});
