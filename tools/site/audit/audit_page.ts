import { ENDS_READ, KINDS_READ } from "../../../lib/audit/formats/file_kinds.ts";
import { DEFAULT_MEMORY } from "../../../lib/audit/formats/bytes.ts";
import { SIDE_ENDS } from "../../../lib/audit/formats/side_columns.ts";
import { SAMPLES } from "./samples.ts";
import { contentPolicy, pageShell } from "../page_shell.ts";

const TRAININGS = [
  { value: "unknown", label: "I do not know" },
  { value: "product", label: "on dot products, no decay on either side alone" },
  { value: "factors", label: "on dot products, with weight decay on both sides" },
  { value: "softmax", label: "by a softmax over all items, without decay" },
  { value: "sum", label: "GloVe: the vectors are sums of both sides" },
  { value: "cosine", label: "on cosines, or normalized within the model" },
];

/** The most memory that a page can be given, in MB: a buffer of a browser has an end. */
const MOST_MEMORY = 4000;

/** A file that may be chosen beside the embeddings: the name of its field, and what to say of it. */
interface MoreFile {
  name: string;
  label: string;
  hint: string;
  accept: readonly string[];
}

const MORE: MoreFile[] = [
  {
    name: "idsFile",
    label: "Ids",
    hint: "What each item is called, a line each, as the Embedding Projector's metadata.tsv",
    accept: SIDE_ENDS,
  },
  {
    name: "labels",
    label: "Labels",
    hint: "What each item is, a line each or with ids: rates neighbors, and chooses a correction",
    accept: SIDE_ENDS,
  },
  {
    name: "popularity",
    label: "Popularity",
    hint: "How popular each item is, a number a line or with ids",
    accept: SIDE_ENDS,
  },
  {
    name: "queries",
    label: "Queries",
    hint: "Vectors that items are looked up with",
    accept: ENDS_READ,
  },
  {
    name: "pairs",
    label: "Pairs",
    hint:
      "Two ids and a weight a line: with queries, which item each should find; without, items " +
      "that belong together",
    accept: SIDE_ENDS.filter((end) => end !== ".npy"),
  },
  {
    name: "users",
    label: "Users",
    hint: "The other side of the same model; of GloVe, the context vectors",
    accept: ENDS_READ,
  },
  {
    name: "run",
    label: "Another run",
    hint:
      "Compared with the first file, in place of the audit; the map from one to the other can be saved",
    accept: ENDS_READ,
  },
];

/** How a file is read, where it cannot be told: the options of the command line, as text. */
const READING = [
  { name: "vectors", label: "Which array, column or path holds the vectors", example: "embedding" },
  { name: "columns", label: "Which columns are coordinates", example: "f0-f23" },
  { name: "ids", label: "Which column holds the ids", example: "sku" },
  { name: "labelsColumn", option: "labels", label: "Which column holds labels", example: "genre" },
  {
    name: "popularityColumn",
    option: "popularity",
    label: "Which column holds popularity",
    example: "plays",
  },
];

/**
 * The page that audits a file in the browser.
 *
 * @param worker The bundled source of its worker.
 * @returns The HTML document.
 */
export function auditPage(worker: string): string {
  return pageShell({
    title: "Audit – cosine-lab",
    description: "How far can the cosines of your embeddings be trusted? Computed in this page.",
    root: "../",
    here: "audit",
    scripts: ["assets/audit_page_script.js"],
    head: contentPolicy("'none'"),
    body: `<section class="prose">
<h1>Audit your embeddings</h1>
<p class="lead">Choose a file with a vector for each item, and read how far its cosines can be
trusted. Everything is computed in this page: it is not allowed to connect to anything, and your
file stays on your machine.</p>
</section>
<form class="audit">
<div class="drop"><label for="file">The embeddings: drop a file here, or choose one</label>
<input type="file" id="file" name="file" accept="${ENDS_READ.join()}">
<p>${KINDS_READ}</p></div>
<fieldset class="samples"><legend>Or try a file of ours</legend>
${SAMPLES.map(sampleButton).join("\n")}
</fieldset>
<div class="fields">
<label for="trained">How was the model trained?</label>
<select id="trained" name="trained">${
      TRAININGS.map(({ value, label }) => `<option value="${value}">${label}</option>`).join("")
    }</select>
<label class="check"><input type="checkbox" name="biases"> with a bias for each item and each user
(dot products without decay, and GloVe)</label>
</div>
<fieldset class="more"><legend>What else you have</legend>
${MORE.map(fileField).join("\n")}
</fieldset>
<details class="reading"><summary>If the file is not read as you meant it</summary>
${READING.map(textField).join("\n")}
<div><label for="header">First line of a table</label>
<select id="header" name="header" aria-describedby="header-hint"><option value="">as it looks</option>
<option value="yes">holds names</option><option value="no">is a row</option></select>
<p class="hint" id="header-hint"><code>--header</code></p></div>
<div><label class="check"><input type="checkbox" name="strict" aria-describedby="strict-hint">
Refuse a file with odd records, in place of leaving them out</label>
<p class="hint" id="strict-hint"><code>--strict</code></p></div>
<div><label for="memory">Memory for reading, in MB</label>
<input type="number" id="memory" name="memory" min="1" max="${MOST_MEMORY}" step="1"
value="${DEFAULT_MEMORY}" aria-describedby="memory-hint">
<p class="hint" id="memory-hint"><code>--memory</code>; .npy, .safetensors and .bin are read in
blocks, whatever their size</p></div>
</details>
<p><button type="submit">Audit</button></p>
</form>
<div class="prose"><p role="status"></p><progress max="1" value="0" hidden aria-label="Progress"></progress></div>
<section class="result" hidden aria-label="Report">
<div class="prose">
<h2>What was read</h2>
<dl class="taken"></dl>
<ul class="notes"></ul>
<p class="save actions"></p>
</div>
<iframe title="The report" sandbox=""></iframe>
<div class="correction prose" hidden><h2>Does a correction help?</h2>
<pre tabindex="0" aria-label="How a correction was chosen"></pre></div>
</section>
<noscript><p class="prose">This page needs JavaScript: it computes the audit itself. The command
line does the same: <code>npx -y deno@2.9.6 task audit FILE</code>.</p></noscript>
<script type="text/plain" id="worker">${worker.replaceAll("</script", "<\\/script")}</script>`,
  });
}

function sampleButton({ key, title, about, file, trained, biases }: typeof SAMPLES[number]) {
  return `<div><button type="button" data-sample="${key}" data-file="${file}" ` +
    `data-trained="${trained}" data-biases="${biases}" aria-describedby="sample-${key}">` +
    `${title}</button><p class="hint" id="sample-${key}">${about}</p></div>`;
}

function fileField({ name, label, hint, accept }: MoreFile): string {
  return `<div><label for="${name}">${label}</label>
<input type="file" id="${name}" name="${name}" accept="${accept.join()}" aria-describedby="${name}-hint">
<p class="hint" id="${name}-hint">${hint}</p></div>`;
}

function textField({ name, option = name, label, example }: typeof READING[number]): string {
  return `<div><label for="${name}">${label}</label>
<input type="text" id="${name}" name="${name}" placeholder="${example}" autocomplete="off" spellcheck="false" aria-describedby="${name}-hint">
<p class="hint" id="${name}-hint"><code>--${option}</code></p></div>`;
}
