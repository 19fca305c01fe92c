import { pageShell } from "./page_shell.ts";
import { contentPolicy } from "./policy.ts";

const TRAININGS = [
  { value: "unknown", label: "I do not know" },
  { value: "product", label: "on dot products, no decay on either side alone" },
  { value: "factors", label: "on dot products, with weight decay on both sides" },
  { value: "softmax", label: "by a softmax over all items, without decay" },
  { value: "sum", label: "GloVe: the vectors are sums of both sides" },
  { value: "cosine", label: "on cosines, or normalized within the model" },
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
<input type="file" id="file" name="file" accept=".npy,.npz,.csv,.tsv,.json,.jsonl,.vec,.txt,.bin,.safetensors,.fvecs">
<p>.npy, .npz, .csv, .json, .jsonl, .vec, .bin, .safetensors, .fvecs; at most 400 MB</p></div>
<div class="fields">
<label for="trained">How was the model trained?</label>
<select id="trained" name="trained">${
      TRAININGS.map(({ value, label }) => `<option value="${value}">${label}</option>`).join("")
    }</select>
<label for="second">A second file, if you have one</label>
<input type="file" id="second" name="second">
<fieldset><legend>The second file holds</legend>
<label><input type="radio" name="secondIs" value="users" checked> the users of the same model</label>
<label><input type="radio" name="secondIs" value="run"> another run, to compare</label></fieldset>
<label for="labels">Labels of the items, to choose a correction by</label>
<input type="file" id="labels" name="labels" accept=".txt,.csv,.tsv,.json,.npy">
</div>
<p><button type="submit">Audit</button></p>
</form>
<div class="prose"><p role="status"></p><progress max="1" value="0" hidden aria-label="Progress"></progress></div>
<section class="result" hidden aria-label="Report">
<ul class="notes prose"></ul>
<p class="save actions"></p>
<iframe title="The report" sandbox=""></iframe>
</section>
<noscript><p class="prose">This page needs JavaScript: it computes the audit itself. The command
line does the same: <code>npx -y deno@2.9.6 task audit FILE</code>.</p></noscript>
<script type="text/plain" id="worker">${worker.replaceAll("</script", "<\\/script")}</script>`,
  });
}
