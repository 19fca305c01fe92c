import type { Alignment, SharedDirections } from "./alignment.ts";
import type { Relation } from "./comparison_report.ts";

/** A residual up to this counts as a rotation: int8 copies leave about 0.01, int4 copies 0.2. */
export const LARGEST_ROTATION_RESIDUAL = 0.05;
/** The least overlap of neighbors that "cosines agree" is said with. */
export const LEAST_ROTATION_OVERLAP = 0.8;
/**
 * The least share of the directions of each side that "the same up to M" is said with.
 * Trainings of Eq. 2 that stopped early, whose cosines are no choice, share some 0.97.
 */
export const LEAST_SHARED = 0.99;
/** M does what no rotation does where it leaves at most this share of what the best rotation leaves. */
export const LARGEST_REMAINDER = 0.5;
/** A translation is needed where it explains more than this much of a direction. */
export const LEAST_TRANSLATION = 0.1;

/** The thresholds, as a report names them. */
export const THRESHOLDS = [
  { name: "largest residual after a rotation", value: LARGEST_ROTATION_RESIDUAL },
  { name: "least overlap for a rotation", value: LEAST_ROTATION_OVERLAP },
  { name: "least share of the directions of each side for an M", value: LEAST_SHARED },
  { name: "largest share of what a rotation leaves that an M leaves", value: LARGEST_REMAINDER },
  { name: "least of a direction that a translation explains", value: LEAST_TRANSLATION },
];

/**
 * Decides how two sets of embeddings are related.
 *
 * "rotation" takes neighbors that agree, besides a small residual: where a few directions hold most of
 * the variance, they hide in the residual that all others differ. "linear" and "affine" take nearly
 * every direction of both sides to be a function of the other, whatever its variance, and a rotation to
 * leave more: where it leaves as little, what is left is noise, and no choice.
 *
 * @param alignment What maps leave, on held-out items; null where there are too few to fit one.
 * @param overlap The mean overlap of neighbors.
 * @param gramDifference How far the dot products of items differ: what no rotation changes, and takes
 * no fit.
 * @returns The relation; null where there are too few items to tell.
 */
export function relationOf(
  alignment: Alignment | null,
  overlap: number,
  gramDifference: number,
): Relation | null {
  const rotation = alignment?.residual.rotation ?? gramDifference;
  if (rotation <= LARGEST_ROTATION_RESIDUAL) {
    return overlap >= LEAST_ROTATION_OVERLAP ? "rotation" : "different";
  }
  if (alignment === null) return null;
  const { residual, linear, affine } = alignment;
  const translation = unexplained(linear) - unexplained(affine);
  const [relation, shared, left] = translation > LEAST_TRANSLATION
    ? ["affine" as const, affine, residual.affine]
    : ["linear" as const, linear, residual.linear];
  return sharedShare(shared) >= LEAST_SHARED && left <= LARGEST_REMAINDER * rotation
    ? relation
    : "different";
}

/** The share of the directions that both sides have in common, of the side that has less. */
export function sharedShare(shared: SharedDirections): number {
  const { ofA, directionsOfA, ofB, directionsOfB } = shared;
  return directionsOfA > 0 && directionsOfB > 0
    ? Math.min(ofA / directionsOfA, ofB / directionsOfB)
    : 0;
}

function unexplained({ ofA, directionsOfA, ofB, directionsOfB }: SharedDirections): number {
  return Math.max(directionsOfA - ofA, directionsOfB - ofB);
}
