import { escapeHtml } from "../../lib/html.ts";
import type { Scores } from "./live/live_model.ts";
import {
  ITEMS,
  type NumberName,
  type PanelName,
  PAPER,
  SCALES,
  type Settings,
} from "./live/settings.ts";
import { pageShell } from "./page_shell.ts";

const TITLES: { name: PanelName; title: string; note: string }[] = [
  { name: "truth", title: "Ground truth", note: "five clusters" },
  { name: "whitened", title: "D = dMat<sup>½</sup>", note: "B = V<sub>k</sub>" },
  { name: "identity", title: "D = I", note: "Eq. 5" },
  { name: "inverse", title: "D = dMat<sup>−½</sup>", note: "B = V<sub>k</sub> dMat" },
  { name: "weightDecay", title: "Eq. 2", note: "no D to choose" },
  { name: "yours", title: "Your D", note: "V<sub>k</sub> σ<sup>a</sup> dMat<sup>b</sup>" },
];

/** Settings to choose with one click. */
interface Choice {
  label: string;
  settings: Partial<Settings>;
}

/** The paper's choices, as points of the plane. */
const CHOICES: Choice[] = [
  { label: "D = dMat<sup>½</sup>, whitening", settings: { a: 0, b: 0 } },
  { label: "D = I", settings: { a: 0, b: 0.5 } },
  { label: "D = dMat<sup>−½</sup>", settings: { a: 0, b: 1 } },
  { label: "D = dMat(√(1/σ))", settings: { a: 0.5, b: 0.5 } },
  { label: "Original space", settings: { a: 1, b: 1 } },
  { label: "Anti-correlated with σ", settings: { a: -1, b: 0.5 } },
];

/** At the first the order of the three D is reversed, the second is the paper's; the last is section 2.2. */
const RANK_CHOICES: Choice[] = [
  ...[5, 15, 50, 100].map((rank) => ({ label: `k = ${rank}`, settings: { rank } })),
  { label: "k = p = 1,000, full rank", settings: { rank: ITEMS } },
];

/** Ours, and those of notebook 3. */
const SEEDS: Choice[] = [PAPER.seed, "1", "2", "3", "4"].map((seed) => ({
  label: `“${seed}”`,
  settings: { seed },
}));

const RESET: Choice[] = [{ label: "Back to Figure 1 of the paper", settings: PAPER }];

const SLIDERS: { name: NumberName; label: string }[] = [
  { name: "a", label: "a, exponent of σ" },
  { name: "b", label: "b, exponent of dMat" },
  { name: "rank", label: "k, dimensions of both" },
  { name: "denoising", label: "λ of Eq. 1" },
  { name: "weightDecay", label: "λ of Eq. 2" },
];

/** A panel as the site was built with it. */
export interface BuiltPanel {
  name: PanelName;
  /** Where its picture is, from the root of the site. */
  address: string;
  side: number;
  scores: Scores;
}

/**
 * The first page: the question, the map to try it on, and where to go from there.
 *
 * @param colors The colors of similarities from −1 to 1, [red, green, blue] each.
 * @param built The panels with the paper's settings, in the order in which they are shown.
 * @param chance The precision of random neighbors with the paper's settings.
 * @param takeaways What to take away, HTML: that of notebook 00.
 * @returns The HTML document.
 */
export function homePage(
  colors: readonly (readonly number[])[],
  built: readonly BuiltPanel[],
  chance: number,
  takeaways: readonly string[],
): string {
  return pageShell({
    title: "cosine-lab: how far can you trust a cosine?",
    description: "Is the cosine similarity of embeddings really about similarity? The paper, live.",
    root: "",
    here: "home",
    scripts: ["assets/live_map.js"],
    head: '<link rel="modulepreload" href="assets/live_worker.js">\n' +
      "<noscript><style>.controls { display: none; }</style></noscript>\n",
    body: `<section class="prose">
<h1>Is the cosine of two embeddings really about similarity?</h1>
<p class="lead">The six squares below are item-item cosines of the <em>same</em> simulated data.
Items of one cluster stand together, so a faithful similarity shows five dark blocks. The models
of Eq. 1 make exactly the same predictions; only a matrix D that training leaves open differs
between them. Move it.</p>
</section>
<section class="map" aria-label="Live map" data-state="waiting">
<script type="application/json" id="colors">${JSON.stringify(colors)}</script>
<div class="panels">${built.map(panel).join("\n")}</div>
${scale(colors)}
<p class="stage" role="status">Computed when the site was built.</p>
<noscript><p class="prose">With JavaScript you could move D yourself.</p></noscript>
<div class="controls">
${choices("The paper's choices of D", CHOICES)}
${choices("Dimensions", RANK_CHOICES)}
${choices("Seed of the simulation", SEEDS)}
<div class="sliders">${SLIDERS.map(slider).join("\n")}</div>
${choices("All settings", RESET)}
<dl class="facts">
<div><dt>Loss of Eq. 1 with your D</dt><dd data-fact="loss">…</dd></div>
<div><dt>Predictions ABᵀ moved by</dt><dd data-fact="difference">…</dd></div>
<div><dt>Dimensions that Eq. 2 keeps</dt><dd data-fact="dimensions">…</dd></div>
</dl>
</div>
</section>
<section class="prose">
<p>Every fourth item is drawn, a pixel for each pair. AUC is the chance that a pair of one cluster has a
higher cosine than a pair of two: 0.5 is guessing. P@10 is the share of an item's ten nearest that are of
its own cluster: ${
      chance.toFixed(3)
    } is guessing. Loss and predictions do not move with a and b, whatever the picture does. For Eq. 2 there
is no D to move; its picture follows λ instead. With k = 5 the order of the three D is reversed, and
hardly matters, since all five dimensions tell the clusters apart. Later ones tell popular items from
rare ones or are noise, and D decides how much they count. The address of
the page keeps your settings: copy it to show somebody the same picture.</p>
<h2>Three things to take away</h2>
<ol>${takeaways.map((html) => `<li>${html}</li>`).join("\n")}</ol>
<p class="actions"><a class="button" href="notebooks/00_ten_minutes.html">Ten minutes: see why, and run
it here</a></p>
<h2>What follows</h2>
<p>Harald Steck, Chaitanya Ekanadham and Nathan Kallus showed this in 2024: for a model that is
trained on dot products, the cosine of its embeddings may be arbitrary, and where it is not, the
regularization decides it silently. Which D did <em>your</em> library choose?</p>
<ul>
<li><a href="notebooks/index.html">The notebooks</a> reproduce every claim and figure of the paper,
and try what to do instead. Several run in their pages, with the digits that are committed.</li>
<li><a href="audit/index.html">The audit</a> tells how far the cosines of a file of yours can be
trusted. Nothing leaves your machine.</li>
<li><a href="library/index.html">The library</a> runs in Deno, in Node and in a browser.</li>
</ul>
</section>`,
  });
}

function panel({ name, address, side, scores: { auc, precision } }: BuiltPanel): string {
  const { title, note } = TITLES.find((each) => each.name === name)!;
  const [shown, described] = [auc, precision].map((value) => value?.toFixed(3) ?? "all tied");
  return `<figure class="panel" data-panel="${name}" data-built="${auc} ${precision}"><figcaption>` +
    `<b>${title}</b> <span>${note}</span></figcaption><img src="${address}" width="${side}" ` +
    `height="${side}" alt="Cosine similarities: ${title.replace(/<[^>]*>/g, "")}">` +
    `<output>AUC ${shown}<br>P@10 ${described}</output></figure>`;
}

/** What the colors stand for. */
function scale(colors: readonly (readonly number[])[]): string {
  const gradient = colors.map((color) => `rgb(${color.join()})`).join();
  return `<p class="scale">Cosine −1 <i style="background: linear-gradient(90deg,${gradient})"></i> 1</p>`;
}

function choices(legend: string, entries: readonly Choice[]): string {
  const buttons = entries.map(({ label, settings }) =>
    `<button type="button" data-settings="${
      escapeHtml(JSON.stringify(settings))
    }" aria-pressed="false">${label}</button>`
  );
  return `<fieldset class="choices"><legend>${legend}</legend>${buttons.join("")}</fieldset>`;
}

function slider({ name, label }: typeof SLIDERS[number]): string {
  const { min, max, step, positionOf } = SCALES[name];
  return `<label for="${name}">${label}</label><input type="range" id="${name}" name="${name}" ` +
    `min="${min}" max="${max}" step="${step}" value="${positionOf(PAPER[name])}">` +
    `<output for="${name}">${PAPER[name].toLocaleString("en")}</output>`;
}
