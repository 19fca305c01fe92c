/**
 * Adds `"interrupt_mode": "message"` to the kernel that `deno jupyter --install` has installed, so that
 * Jupyter's Stop interrupts a busy cell and the kernel keeps its state.
 *
 *     deno run --allow-read --allow-write --allow-run=jupyter tools/interruptible_kernel.ts
 *
 * @module
 */
const { stdout } = await new Deno.Command("jupyter", {
  args: ["kernelspec", "list", "--json"],
  stderr: "inherit",
}).output();
const { kernelspecs } = JSON.parse(new TextDecoder().decode(stdout));
if (kernelspecs.deno === undefined) {
  console.error(
    "interruptible_kernel: there is no Deno kernel; run `deno jupyter --install` first",
  );
  Deno.exit(2);
}
const path = `${kernelspecs.deno.resource_dir}/kernel.json`;
const spec = JSON.parse(Deno.readTextFileSync(path));
Deno.writeTextFileSync(path, JSON.stringify({ ...spec, interrupt_mode: "message" }, null, 2));
console.log(`Stop keeps the kernel now: ${path}`);
