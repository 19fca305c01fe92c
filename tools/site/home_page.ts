import { escapeHtml } from "../../lib/html.ts";
import type { Settings } from "./live/messages.ts";
import { pageShell } from "./page_shell.ts";

const PANELS = [
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

/** At the first the order of the three D is reversed, the second is the paper's. */
const RANKS: Choice[] = [5, 50, 100].map((rank) => ({ label: `k = ${rank}`, settings: { rank } }));

/** A slider with its label and its value. */
interface Slider {
  name: string;
  label: string;
  min: number;
  max: number;
  step: number;
  value: number;
}

const SLIDERS: Slider[] = [
  { name: "a", label: "a, exponent of σ", min: -1, max: 2, step: 0.05, value: 0 },
  { name: "b", label: "b, exponent of dMat", min: -1, max: 2, step: 0.05, value: 0.5 },
  { name: "rank", label: "k, dimensions of both", min: 2, max: 100, step: 1, value: 50 },
  {
    name: "denoising",
    label: "λ of Eq. 1 (log<sub>10</sub>)",
    min: 2,
    max: 6,
    step: 0.05,
    value: 4,
  },
  {
    name: "weightDecay",
    label: "λ of Eq. 2 (log<sub>10</sub>)",
    min: 0,
    max: 3,
    step: 0.05,
    value: 2,
  },
];

/**
 * The first page: the question, the map to try it on, and where to go from there.
 *
 * @param colors The colors of similarities from −1 to 1, [red, green, blue] each.
 * @param takeaways What to take away, HTML: that of notebook 00.
 * @returns The HTML document.
 */
export function homePage(
  colors: readonly (readonly number[])[],
  takeaways: readonly string[],
): string {
  return pageShell({
    title: "cosine-lab: how far can you trust a cosine?",
    description: "Is the cosine similarity of embeddings really about similarity? The paper, live.",
    root: "",
    here: "home",
    scripts: ["assets/live_map.js"],
    body: `<section class="prose">
<h1>Is the cosine of two embeddings really about similarity?</h1>
<p class="lead">The six squares below are item-item cosines of the <em>same</em> simulated data.
Items of one cluster stand together, so a faithful similarity shows five dark blocks. The models
of Eq. 1 make exactly the same predictions; only a matrix D that training leaves open differs
between them. Move it.</p>
</section>
<section class="map" aria-label="Live map" data-state="waiting">
<script type="application/json" id="colors">${JSON.stringify(colors)}</script>
<noscript><figure><img src="assets/figure1.png" alt="Figure 1 of the paper: the true clusters; one
model of Eq. 1 under three D, from almost no similarity to clear clusters; the model of Eq. 2">
<figcaption>Figure 1, computed beforehand. With JavaScript you can move D yourself.</figcaption>
</figure></noscript>
<div class="panels">${PANELS.map(panel).join("\n")}</div>
<p class="stage" role="status"></p>
<div class="controls">
${choices("The paper's choices of D", CHOICES)}
${choices("Dimensions", RANKS)}
<div class="sliders">${SLIDERS.map(slider).join("\n")}</div>
<dl class="facts">
<div><dt>Loss of Eq. 1 with your D</dt><dd data-fact="loss">…</dd></div>
<div><dt>Predictions ABᵀ moved by</dt><dd data-fact="difference">…</dd></div>
<div><dt>Dimensions that Eq. 2 keeps</dt><dd data-fact="dimensions">…</dd></div>
</dl>
</div>
</section>
<section class="prose">
<p>AUC is the chance that a pair of one cluster has a higher cosine than a pair of two: 0.5 is
guessing. Loss and predictions do not move with a and b, whatever the picture does. For Eq. 2 there
is no D to move; its picture follows λ instead. With k = 5 the order of the three D is reversed, and
hardly matters: the other dimensions are noise, and D decides how loud it is.</p>
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

function panel({ name, title, note }: typeof PANELS[number]): string {
  return `<figure class="panel" data-panel="${name}"><figcaption><b>${title}</b> ` +
    `<span>${note}</span></figcaption><canvas width="250" height="250" role="img" ` +
    `aria-label="Cosine similarities: ${title.replace(/<[^>]*>/g, "")}"></canvas>` +
    `<output>AUC …</output></figure>`;
}

function choices(legend: string, entries: readonly Choice[]): string {
  const buttons = entries.map(({ label, settings }) =>
    `<button type="button" data-settings="${
      escapeHtml(JSON.stringify(settings))
    }" aria-pressed="false">${label}</button>`
  );
  return `<fieldset class="choices"><legend>${legend}</legend>${buttons.join("")}</fieldset>`;
}

function slider({ name, label, min, max, step, value }: Slider): string {
  return `<label for="${name}">${label}</label><input type="range" id="${name}" name="${name}" ` +
    `min="${min}" max="${max}" step="${step}" value="${value}"><output for="${name}"></output>`;
}
