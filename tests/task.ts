import { fileURLToPath } from "node:url";
import { join } from "node:path";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** The tasks of this repository. */
export const tasks: Record<string, { command: string }> =
  JSON.parse(Deno.readTextFileSync(join(ROOT, "deno.json"))).tasks;

/** The options that a task's program runs with, and the program; the last command of a task counts. */
export function programOf(task: string): { options: string[]; program: string } {
  const [, ...words] = tasks[task].command.split(" && ").at(-1)!.replace(/^deno /, "").split(" ");
  return { options: words.slice(0, -1), program: join(ROOT, words.at(-1)!) };
}

/** What a task ended with. */
interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * The command of a task, with the task's own permissions but the one that `without` names. Folders in
 * them are the repository's, also where it is run in another one.
 */
export function taskCommand(
  task: string,
  args: string[],
  options: { cwd?: string; env?: Record<string, string>; without?: string } = {},
): Deno.Command {
  const { options: permissions, program } = programOf(task);
  const kept = permissions.filter((option) => !option.startsWith(`--allow-${options.without}`));
  const absolute = kept.map((option) =>
    option.replace(
      /^(--allow-(?:read|write|ffi))=(.*)$/,
      (_, name, path) => `${name}=${join(ROOT, path)}`,
    )
  );
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", ...absolute, program, ...args],
    cwd: options.cwd ?? ROOT,
    env: { NO_COLOR: "1", ...options.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Runs a task to its end. */
export async function runTask(...command: Parameters<typeof taskCommand>): Promise<Ended> {
  return decoded(await taskCommand(...command).output());
}

/** Runs a task to its end, and waits for it. */
export function runTaskSync(...command: Parameters<typeof taskCommand>): Ended {
  return decoded(taskCommand(...command).outputSync());
}

function decoded({ code, stdout, stderr }: Deno.CommandOutput): Ended {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
