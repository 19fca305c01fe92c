/** What the page needs to redraw the heatmap: as JSON in the figure's `data-model`. */
export interface SliderModel {
  /** How many items, and how many dimensions. */
  items: number;
  dimensions: number;
  /** V row by row, each row scaled to integers: Int16 in base64. */
  rows: string;
  /** The diagonal of dMat. */
  spectrum: number[];
  /** The cluster of each item. */
  clusters: number[];
  /** Colors in even steps from −1 to 1. */
  colors: number[][];
  /** The slider for α: its ends, its step, and where it starts. */
  from: number;
  to: number;
  step: number;
  start: number;
  /** Where the slider for k starts; it ends at all dimensions. */
  rank: number;
}

// These functions are put into the page as they are printed: each may use nothing but its
// arguments, the others of this file, and what a browser has.

/**
 * The cosines of the rows of V_k·dMat^(½−α), row by row: those of B·D⁻¹ for B = V_k·dMat^½ and
 * D = dMat^α. `rows` has all dimensions of each item, of which the first k count.
 */
export function cosinesUnder(
  rows: ArrayLike<number>,
  items: number,
  spectrum: readonly number[],
  alpha: number,
  k: number,
): Float64Array {
  const dimensions = spectrum.length;
  const scaled = new Float64Array(items * k);
  for (let i = 0; i < items; i++) {
    let squares = 0;
    for (let c = 0; c < k; c++) {
      const entry = rows[i * dimensions + c] * Math.pow(spectrum[c], 0.5 - alpha);
      scaled[i * k + c] = entry;
      squares += entry * entry;
    }
    for (let c = 0; c < k; c++) scaled[i * k + c] /= Math.sqrt(squares) || 1;
  }
  const cosines = new Float64Array(items * items);
  for (let i = 0; i < items; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let c = 0; c < k; c++) sum += scaled[i * k + c] * scaled[j * k + c];
      cosines[i * items + j] = cosines[j * items + i] = sum;
    }
  }
  return cosines;
}

/** How often a pair within a cluster has a larger cosine than a pair between clusters; ties count half. */
export function aucOf(cosines: ArrayLike<number>, clusters: readonly number[]): number {
  const items = clusters.length;
  const pairs: { cosine: number; same: boolean }[] = [];
  for (let i = 0; i < items; i++) {
    for (let j = 0; j < i; j++) {
      pairs.push({ cosine: cosines[i * items + j], same: clusters[i] === clusters[j] });
    }
  }
  pairs.sort((a, b) => a.cosine - b.cosine);
  let between = 0, wins = 0;
  for (let start = 0; start < pairs.length;) {
    let end = start, own = 0, others = 0;
    for (; end < pairs.length && pairs[end].cosine === pairs[start].cosine; end++) {
      if (pairs[end].same) own++;
      else others++;
    }
    wins += own * (between + others / 2);
    between += others;
    start = end;
  }
  return wins / (between * (pairs.length - between));
}

/** The share of the nearest neighbors, ten at most, that are in an item's own cluster. */
export function precisionOf(cosines: ArrayLike<number>, clusters: readonly number[]): number {
  const items = clusters.length;
  const count = Math.min(10, items - 1);
  let own = 0;
  for (let i = 0; i < items; i++) {
    const others = clusters.map((_, j) => j).filter((j) => j !== i)
      .sort((a, b) => cosines[i * items + b] - cosines[i * items + a]);
    for (const j of others.slice(0, count)) own += clusters[i] === clusters[j] ? 1 : 0;
  }
  return own / (items * count);
}

/** The share of all pairs that are within a cluster: the precision of a similarity by chance. */
export function chanceOf(clusters: readonly number[]): number {
  let same = 0;
  for (let i = 0; i < clusters.length; i++) {
    for (let j = 0; j < i; j++) same += clusters[i] === clusters[j] ? 1 : 0;
  }
  return 2 * same / (clusters.length * (clusters.length - 1));
}

/** Puts two sliders and a canvas in the place of the static picture, and draws. */
export function startSlider(root: HTMLElement): void {
  const model: SliderModel = JSON.parse(root.dataset.model!);
  const { items, spectrum, clusters, colors } = model;
  const bytes = Uint8Array.from(atob(model.rows), (character) => character.charCodeAt(0));
  const rows = new Int16Array(bytes.buffer);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = items;
  canvas.style.cssText =
    "width:420px;max-width:100%;aspect-ratio:1;image-rendering:pixelated;border:1px solid #8c959f";
  const slider = (name: string, low: number, high: number, step: number, start: number) => {
    const label = document.createElement("label");
    label.style.cssText = "display:block;max-width:420px";
    label.textContent = name;
    const input = document.createElement("input");
    input.type = "range";
    input.min = String(low);
    input.max = String(high);
    input.step = String(step);
    input.value = String(start);
    input.setAttribute("aria-label", name);
    input.style.cssText = "width:100%;display:block";
    label.append(input);
    input.addEventListener("input", draw);
    return { label, input };
  };
  const scaling = slider("α in D = dMat^α", model.from, model.to, model.step, model.start);
  const rank = slider("k, the number of dimensions", 1, model.dimensions, 1, model.rank);
  const output = document.createElement("p");
  output.style.cssText = "margin:6px 0";
  const chance = chanceOf(clusters).toFixed(3);
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(items, items);
  function draw() {
    const alpha = Number(scaling.input.value), k = Number(rank.input.value);
    const cosines = cosinesUnder(rows, items, spectrum, alpha, k);
    for (let pixel = 0; pixel < cosines.length; pixel++) {
      const i = Math.floor(pixel / items), j = pixel % items;
      const edge = i > 0 && clusters[i] !== clusters[i - 1] ||
        j > 0 && clusters[j] !== clusters[j - 1];
      const position = Math.max(0, Math.min(1, (cosines[pixel] + 1) / 2));
      const color = colors[Math.round(position * (colors.length - 1))];
      for (let channel = 0; channel < 3; channel++) {
        image.data[4 * pixel + channel] = color[channel] * (edge ? 0.6 : 1);
      }
      image.data[4 * pixel + 3] = 255;
    }
    context.putImageData(image, 0, 0);
    output.textContent = `α = ${alpha.toFixed(2)}, k = ${k}: same-cluster AUC ${
      aucOf(cosines, clusters).toFixed(3)
    } (chance 0.5), precision at 10 ${
      precisionOf(cosines, clusters).toFixed(3)
    } (chance ${chance}). At one k the predictions XABᵀ are the same for every α.`;
  }
  const picture = root.querySelector("img");
  if (picture !== null) picture.replaceWith(canvas);
  else root.append(canvas);
  canvas.before(scaling.label, rank.label, output);
  draw();
}
