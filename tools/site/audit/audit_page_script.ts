/**
 * The audit page: takes files, shows the report, offers what can be saved.
 *
 * @module
 */
import type { AuditAnswer, AuditRequest, AuditResult, Saved } from "./audit_worker.ts";
import { unpackedModule } from "./unpacked_module.ts";

const form = document.querySelector<HTMLFormElement>("form.audit")!;
const drop = form.querySelector<HTMLElement>(".drop")!;
const status = document.querySelector<HTMLElement>("[role=status]")!;
const progress = document.querySelector<HTMLProgressElement>("progress")!;
const result = document.querySelector<HTMLElement>(".result")!;
const frame = result.querySelector("iframe")!;

// A worker of a blob: the page's policy, which allows no connection, holds for it as well.
const source = document.getElementById("worker")!.textContent!;
const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
let worker: Worker | undefined;

/** The address of a module beside this page; a worker of a blob has no place of its own. */
const beside = (path: string) => new URL(path, document.baseURI).href;

const input = (name: string) => form.querySelector<HTMLInputElement>(`input[name=${name}]`)!;

/** What the form says, as a command line would, with the files by their names. */
function request(): AuditRequest | undefined {
  const files: Record<string, File> = {};
  const chosen = (field: string): string | undefined => {
    const file = input(field).files?.[0];
    if (file === undefined) return undefined;
    // Files of two folders may have one name.
    const name = file.name in files ? `${field}: ${file.name}` : file.name;
    files[name] = file;
    return name;
  };
  const data = new FormData(form);
  const text = (field: string) => String(data.get(field) ?? "").trim() || undefined;
  const file = chosen("file");
  if (file === undefined) return undefined;
  const header = text("header");
  const line: AuditRequest["line"] = {
    files: [file],
    labels: chosen("labels") ?? text("labelsColumn"),
    popularity: chosen("popularity") ?? text("popularityColumn"),
    queries: chosen("queries"),
    pairs: chosen("pairs"),
    users: chosen("users"),
    trained: text("trained") as AuditRequest["line"]["trained"],
    biases: data.has("biases"),
    vectors: text("vectors"),
    columns: text("columns"),
    ids: chosen("idsFile") ?? text("ids"),
    strict: data.has("strict"),
    header: header === undefined ? undefined : header === "yes",
    memory: Number(text("memory")),
  };
  return { line, run: chosen("run"), files, parquetWasm: beside("parquet_wasm.js") };
}

function start(): void {
  if (!form.reportValidity()) return;
  const asked = request();
  if (asked === undefined) return say("Choose a file first.");
  const [name] = asked.line.files;
  worker?.terminate();
  worker = new Worker(address, { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<AuditAnswer>) => answer(data, name);
  worker.onerror = ({ message }) => fail(message || "The audit could not be run.");
  result.hidden = true;
  progress.hidden = false;
  progress.value = 0;
  say("Reading …");
  worker.postMessage(asked);
}

function say(text: string): void {
  status.textContent = text;
}

function fail(text: string): void {
  progress.hidden = true;
  say(text);
}

function answer(data: AuditAnswer, name: string): void {
  if (data.kind === "progress") {
    progress.value = data.share;
    return say(`${data.text} …`);
  }
  if (data.kind === "error") return fail(data.message);
  progress.hidden = true;
  say(`${name}: done. Nothing has left this page.`);
  // Shown first: a browser may not lay out what is loaded into a frame that is hidden.
  result.hidden = false;
  frame.srcdoc = data.html;
  show(data);
  offer([{ name: "report.html", type: "text/html", parts: [data.html] }, ...data.files]);
  result.scrollIntoView({ block: "start" });
}

function element(name: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function show({ taken, notes, correction }: AuditResult): void {
  result.querySelector(".taken")!.replaceChildren(
    ...taken.flatMap(({ name, text }) => [element("dt", name), element("dd", text)]),
  );
  result.querySelector(".notes")!.replaceChildren(...notes.map((note) => element("li", note)));
  const section = result.querySelector<HTMLElement>(".correction")!;
  section.hidden = correction === null;
  section.querySelector("pre")!.textContent = correction;
}

function offer(files: readonly Saved[]): void {
  result.querySelector(".save")!.replaceChildren(...files.map(({ name, type, parts }) => {
    const link = element("a", `Save ${name}`) as HTMLAnchorElement;
    link.className = "button";
    link.download = name;
    link.href = URL.createObjectURL(new Blob(parts, { type }));
    return link;
  }));
}

/** Fills the form in for a sample, as a reader would, and starts. */
async function trySample({ sample, file, trained, biases }: DOMStringMap): Promise<void> {
  say("Unpacking …");
  const bytes = await unpackedModule(beside(`samples/${sample}.js`));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], file!));
  form.reset();
  input("file").files = transfer.files;
  form.querySelector<HTMLSelectElement>("select[name=trained]")!.value = trained!;
  input("biases").checked = biases === "true";
  start();
}

for (const button of form.querySelectorAll<HTMLButtonElement>("[data-sample]")) {
  button.addEventListener("click", () => {
    trySample(button.dataset).catch(() => fail("The sample could not be loaded."));
  });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  start();
});

for (const name of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", name === "dragover");
  });
}

drop.addEventListener("drop", ({ dataTransfer }) => {
  if (!dataTransfer?.files.length) return;
  input("file").files = dataTransfer.files;
  start();
});
