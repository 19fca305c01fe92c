import { join } from "node:path";
import { systemFolder } from "../../lib/io/files.ts";
import { InputError } from "../../lib/errors.ts";
import { runProgram } from "../../lib/io/program.ts";
import { KERNEL_ENVIRONMENT } from "./kernel.ts";

// The commands by their own names, since some ways to install them leave out plain `jupyter`.
const SERVERS = ["jupyter-lab", "jupyter-notebook"];

const HOW_TO_INSTALL = "no Jupyter is installed; get one with `pipx install jupyterlab`, or on " +
  "Debian and Ubuntu `apt install jupyter-notebook`, and run this again";

/**
 * Opens Jupyter on `notebooks/` and returns its exit code.
 *
 * The Deno kernel is registered in a folder of its own, which only this Jupyter looks into, and
 * which goes when Jupyter ends: so the notebooks run on the very Deno that runs this (`npx deno`
 * included), and a kernel that the user has registered stays as it is.
 */
async function lab(args: string[]): Promise<number> {
  const server = await firstInstalled();
  if (server === undefined) throw new InputError(HOW_TO_INSTALL);
  using temporary = systemFolder();
  const folder = temporary.path;
  await registerKernel(folder);
  const others = Deno.env.get("JUPYTER_PATH");
  const separator = Deno.build.os === "windows" ? ";" : ":";
  const child = new Deno.Command(server, {
    args,
    cwd: "notebooks",
    env: { JUPYTER_PATH: others ? folder + separator + others : folder },
  }).spawn();
  // Ctrl-C reaches Jupyter, too, which asks whether to stop: this has to outlive it to clean up.
  Deno.addSignalListener("SIGINT", () => {});
  if (Deno.build.os !== "windows") {
    Deno.addSignalListener("SIGTERM", () => child.kill("SIGTERM"));
  }
  return (await child.status).code;
}

async function firstInstalled(): Promise<string | undefined> {
  for (const server of SERVERS) {
    try {
      const probe = new Deno.Command(server, {
        args: ["--version"],
        stdout: "null",
        stderr: "null",
      });
      if ((await probe.output()).success) return server;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}

async function registerKernel(folder: string): Promise<void> {
  const kernel = join(folder, "kernels", "deno");
  await Deno.mkdir(kernel, { recursive: true });
  const spec = {
    argv: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "Deno",
    language: "typescript",
    // Without it Jupyter's Stop sends SIGINT, which ends the kernel and loses its state.
    interrupt_mode: "message",
    env: KERNEL_ENVIRONMENT,
  };
  await Deno.writeTextFile(join(kernel, "kernel.json"), JSON.stringify(spec, null, 2) + "\n");
}

if (import.meta.main) Deno.exit(await runProgram("lab", () => lab(Deno.args)));
