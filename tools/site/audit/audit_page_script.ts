/**
 * The audit page: takes files, shows the report, offers what can be saved.
 *
 * @module
 */
import type { AuditAnswer, AuditRequest, Saved } from "./audit_messages.ts";

/** The most bytes of a file: what a page can hold, with what is computed of it. */
const LARGEST = 400e6;

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

const fileOf = (name: string) =>
  form.querySelector<HTMLInputElement>(`input[name=${name}]`)!.files?.[0];

function start(): void {
  const file = fileOf("file");
  if (file === undefined) return say("Choose a file first.");
  const second = fileOf("second"), labels = fileOf("labels");
  const large = [file, second, labels].find((one) => one !== undefined && one.size > LARGEST);
  if (large !== undefined) {
    return say(
      `${large.name} has ${Math.round(large.size / 1e6)} MB, more than the ${
        LARGEST / 1e6
      } MB that ` +
        "a page can hold: the command line reads it.",
    );
  }
  const data = new FormData(form);
  const request: AuditRequest = {
    file,
    second,
    labels,
    secondIs: data.get("secondIs") === "run" ? "run" : "users",
    trained: String(data.get("trained")) as AuditRequest["trained"],
  };
  worker?.terminate();
  worker = new Worker(address, { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<AuditAnswer>) => answer(data, file.name);
  worker.onerror = ({ message }) => say(message || "The audit could not be run.");
  result.hidden = true;
  progress.hidden = false;
  progress.value = 0;
  say("Reading …");
  worker.postMessage(request);
}

function say(text: string): void {
  status.textContent = text;
}

function answer(data: AuditAnswer, name: string): void {
  if (data.kind === "progress") {
    progress.value = data.share;
    return say(`${data.text} …`);
  }
  progress.hidden = true;
  if (data.kind === "error") return say(data.message);
  say(`${name}: done. Nothing has left this page.`);
  // Shown first: a browser may not lay out what is loaded into a frame that is hidden.
  result.hidden = false;
  frame.srcdoc = data.html;
  list(data.notes);
  const report = { name: "report.html", type: "text/html", parts: [data.html] };
  offer([report, ...data.files]);
  result.scrollIntoView({ block: "start" });
}

function list(notes: readonly string[]): void {
  result.querySelector(".notes")!.replaceChildren(...notes.map((note) => {
    const item = document.createElement("li");
    item.textContent = note;
    return item;
  }));
}

function offer(files: readonly Saved[]): void {
  result.querySelector(".save")!.replaceChildren(...files.map(({ name, type, parts }) => {
    const link = document.createElement("a");
    link.className = "button";
    link.download = name;
    link.textContent = `Save ${name}`;
    link.href = URL.createObjectURL(new Blob(parts, { type }));
    return link;
  }));
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
  form.querySelector<HTMLInputElement>("input[name=file]")!.files = dataTransfer.files;
  start();
});
