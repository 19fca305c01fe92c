import process from "node:process";
import { runProgram } from "../io/program.ts";

/** The commands, each loaded when it is asked for; what names none of them is a file to audit. */
const COMMANDS: Record<string, () => Promise<(args: string[]) => number | Promise<number>>> = {
  compare: async () => (await import("./compare/compare_command.ts")).compareCommand,
  fix: async () => (await import("./fix/fix_command.ts")).fixCommand,
};

/**
 * Runs the command line `audit …`; see {@linkcode runProgram}.
 *
 * @param args What follows the word `audit`.
 * @returns The exit code.
 */
export async function audit(args: string[]): Promise<number> {
  const named = Object.hasOwn(COMMANDS, args[0]);
  const name = named ? `audit ${args[0]}` : "audit";
  return await runProgram(name, async () => {
    const command = named
      ? await COMMANDS[args[0]]()
      : (await import("./audit_command.ts")).auditCommand;
    return await command(named ? args.slice(1) : args);
  });
}

if (import.meta.main) process.exitCode = await audit(process.argv.slice(2));
