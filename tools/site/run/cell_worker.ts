/**
 * Runs the cells of a notebook away from the page, in one scope, as the Deno kernel does.
 *
 * @module
 */
import { inspect } from "loupe";
import { CellSyntaxError, compileCell } from "./compile_cell.ts";
import { notHere } from "./page_module_names.ts";
import { importHere } from "./page_modules.ts";

/** What a page asks of the worker: to run a cell. Cells run one after the other. */
export interface CellRequest {
  /** The number of the cell. */
  cell: number;
  /** Its code, TypeScript. */
  code: string;
}

/** Why a cell failed. */
export interface Failure {
  /** Such as "RangeError: Cannot factorize: …". */
  message: string;
  /** The line of the cell, from 1, where it is known. */
  line?: number;
}

/** What the worker tells the page. */
export type CellAnswer =
  /** A message of Jupyter's protocol: the page collects outputs as `deno task reproduce` does. */
  | { kind: "output"; cell: number; type: string; content: Record<string, unknown> }
  | { kind: "done"; cell: number; failure?: Failure };

const scope = globalThis as unknown as {
  postMessage(answer: CellAnswer): void;
  onmessage: (event: MessageEvent<CellRequest>) => void;
};
// A cell may declare a name that is taken, such as `postMessage`.
const post = scope.postMessage.bind(scope);

/** What the kernel has, and a page has not. */
const Deno = new Proxy({}, {
  get(_, name) {
    // What inspects it asks for symbols.
    if (typeof name === "string") throw notHere(`Deno.${name}`);
  },
});
const fetch = () => {
  throw notHere("connection to anywhere");
};

/** The names that cells have declared. */
const declared = new Set<string>();
/** The address of the module of each run, and the cell that it is. */
let current = 0;
let queue = Promise.resolve();

scope.onmessage = ({ data }) => {
  queue = queue.then(() => run(data));
};

async function run({ cell, code }: CellRequest): Promise<void> {
  current = cell;
  let address = "";
  let failure: Failure | undefined;
  try {
    const { body, names } = compileCell(code);
    for (const name of names) declare(name);
    const source = `export default async (Deno, fetch, __import) => {${body}\n}`;
    address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const { default: execute } = await import(address);
    const result = await execute(Deno, fetch, importHere);
    if (result !== undefined) await show(result[0]);
  } catch (error) {
    failure = failureOf(error, address);
  } finally {
    flush();
    URL.revokeObjectURL(address);
  }
  post({ kind: "done", cell, failure });
}

/** Makes a name a property of the global object: the modules of all cells see it. */
function declare(name: string): void {
  if (declared.has(name)) return;
  const property = { value: undefined, writable: true, configurable: true, enumerable: true };
  Object.defineProperty(globalThis, name, property);
  declared.add(name);
}

function failureOf(error: unknown, address: string): Failure {
  if (error instanceof CellSyntaxError) {
    return { message: `SyntaxError: ${error.message}`, line: error.line };
  }
  if (!(error instanceof Error)) return { message: `Thrown was ${inspected(error)}` };
  const { name, message, stack = "" } = error;
  const at = address === "" ? -1 : stack.indexOf(`${address}:`);
  const line = at < 0 ? undefined : parseInt(stack.slice(at + address.length + 1));
  return { message: `${name}: ${message}`, line };
}

const inspected = (value: unknown) => inspect(value, { truncate: 4000, depth: 4 });

/** What the value of a cell's last expression shows. */
async function show(value: unknown): Promise<void> {
  if (value === undefined) return;
  const display = (Object(value) as Record<symbol, unknown>)[Symbol.for("Jupyter.display")];
  const data = typeof display === "function"
    ? await display.call(value)
    : { "text/plain": inspected(value) };
  send("execute_result", { data, metadata: {} });
}

function send(type: string, content: Record<string, unknown>): void {
  flush();
  post({ kind: "output", cell: current, type, content });
}

/** Text that has not been sent yet: a message for each line would be too many. */
const pending = { stdout: "", stderr: "" };
/** The most characters of a stream that a cell may print. */
const MOST_TEXT = 500_000;
const printed = { cell: 0, characters: 0 };
let flushed = 0;

function print(name: "stdout" | "stderr", values: unknown[]): void {
  if (printed.cell !== current) Object.assign(printed, { cell: current, characters: 0 });
  if (printed.characters > MOST_TEXT) return;
  const text = values.map((value) => typeof value === "string" ? value : inspected(value));
  pending[name] += `${text.join(" ")}\n`;
  printed.characters += text.join(" ").length;
  if (printed.characters > MOST_TEXT) pending[name] += "… and more, which is not shown\n";
  if (performance.now() - flushed > 100) flush();
}

function flush(): void {
  flushed = performance.now();
  for (const name of ["stdout", "stderr"] as const) {
    if (pending[name] === "") continue;
    const content = { name, text: pending[name] };
    pending[name] = "";
    post({ kind: "output", cell: current, type: "stream", content });
  }
}

for (const method of ["log", "info", "debug"] as const) {
  console[method] = (...values: unknown[]) => print("stdout", values);
}
for (const method of ["warn", "error"] as const) {
  console[method] = (...values: unknown[]) => print("stderr", values);
}

// What draws progress sends messages of Jupyter's protocol.
Object.defineProperty(globalThis, Symbol.for("Jupyter.broadcast"), { value: send });

// What nothing waits for may fail after its cell is done.
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  print("stderr", [`Nothing caught ${failureOf(event.reason, "").message}`]);
  flush();
});
