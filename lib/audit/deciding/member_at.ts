import { log } from "../../elementary/log.ts";
import type { Findings } from "../findings.ts";
import type { NeighborChange } from "../measuring/neighbor_changes.ts";

/**
 * The random members of the free group that stretch axes about as far as given; null where nothing
 * is free.
 */
export function memberAt({ neighbors }: Findings, condition: number): NeighborChange | null {
  const distance = ({ condition: other, change }: NeighborChange) =>
    change.startsWith("axes stretched") ? Math.abs(log(other! / condition)) : Infinity;
  const members = neighbors.filter((change) =>
    change.kind === "member" && distance(change) < Infinity
  );
  return members.length === 0 ? null : members.reduce((a, b) => distance(b) < distance(a) ? b : a);
}
