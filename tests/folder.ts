/**
 * Loads the tests of a folder that need files, processes or the network, once `deno test` has all
 * permissions. A run without them skips the folder by its name, and goes on with the mathematics.
 * One module for a folder is also faster: each module that `deno test` is given costs 0.3 s and 80 MB.
 */
export async function runFolder(folder: string): Promise<void> {
  const names = ["read", "write", "run", "env", "net", "sys", "ffi"] as const;
  if (names.some((name) => Deno.permissions.querySync({ name }).state !== "granted")) {
    Deno.test({ name: `${folder}: needs deno test -A`, ignore: true, fn() {} });
    return;
  }
  const root = new URL("..", import.meta.url);
  // No process under test may still be installing packages, nor wait for one that does: it would say
  // so on its stderr. The task has installed them.
  if (Deno.env.get("PACKAGES_INSTALLED") === undefined) {
    await new Deno.Command(Deno.execPath(), {
      args: ["install", "--quiet", "--frozen"],
      cwd: root,
    }).output();
  }
  for (const path of sources(`tests/${folder}`).filter((path) => path.endsWith("_test.ts"))) {
    await import(new URL(path, root).href);
  }
}

/** The TypeScript files below a folder, in the order of their paths. */
export function sources(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? sources(`${folder}/${name}`) : name.endsWith(".ts") ? [`${folder}/${name}`] : []
  ).sort();
}

/** Runs a function with a folder of its own, which is removed afterwards. */
export async function withTemporaryFolder<T>(use: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = Deno.makeTempDirSync({ prefix: "cosine-lab-test-" });
  try {
    return await use(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
