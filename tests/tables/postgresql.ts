import { withTemporaryFolder } from "../folder.ts";

/** Runs SQL on a PostgreSQL of its own, and gives what it prints as CSV. */
export type Sql = (sql: string) => string;

/** Where the programs of PostgreSQL are, on Debian or in the PATH; undefined where they are not. */
function programs(): string | undefined {
  const debian = "/usr/lib/postgresql";
  try {
    const versions = [...Deno.readDirSync(debian)].map(({ name }) => Number(name));
    const folder = `${debian}/${Math.max(...versions)}/bin`;
    Deno.statSync(`${folder}/initdb`);
    return folder;
  } catch {
    return undefined;
  }
}

/** Whether there is a PostgreSQL to test on. */
export const hasPostgresql = programs() !== undefined;

/**
 * Starts a throw-away PostgreSQL on a socket in a temporary folder, with no port at all, and stops it
 * afterwards. It does not run as root, so root runs it as the user `nobody`.
 */
export async function withPostgresql<T>(use: (sql: Sql) => T | Promise<T>): Promise<T> {
  const bin = programs()!;
  return await withTemporaryFolder(async (folder) => {
    const isRoot = Deno.uid() === 0;
    if (isRoot) run("chown", ["nobody", folder]);
    const server = (program: string, args: string[]) => {
      const command = [`${bin}/${program}`, ...args];
      if (isRoot) run("runuser", ["-u", "nobody", "--", ...command]);
      else run(command[0], command.slice(1));
    };
    const data = ["-D", `${folder}/data`];
    server("initdb", [
      ...data,
      "-U",
      "tester",
      "-A",
      "trust",
      "-E",
      "UTF8",
      "--no-sync",
      "--locale=C.UTF-8",
    ]);
    const settings = `-c listen_addresses= -c unix_socket_directories=${folder} -c fsync=off`;
    server("pg_ctl", [...data, "-w", "-l", `${folder}/log`, "-o", settings, "start"]);
    try {
      return await use((sql) =>
        run(`${bin}/psql`, [
          "-h",
          folder,
          "-U",
          "tester",
          "-d",
          "postgres",
          "--csv",
          "-v",
          "ON_ERROR_STOP=1",
          "-qX",
          "-c",
          sql,
        ])
      );
    } finally {
      server("pg_ctl", [...data, "-m", "immediate", "stop"]);
    }
  });
}

function run(command: string, args: string[]): string {
  const { success, stdout, stderr } = new Deno.Command(command, { args, stdin: "null" })
    .outputSync();
  if (!success) throw new Error(`${command} failed: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
