/**
 * A call of everything that the entries export, by entry and name.
 *
 * @module
 */
import { arbitrariness } from "./arbitrariness.ts";
import { audit } from "./audit.ts";
import { cosineLab } from "./cosine_lab.ts";
import { datasets } from "./datasets.ts";
import { evaluation } from "./evaluation.ts";
import { networks } from "./networks.ts";
import { notebook } from "./notebook.ts";
import { remedies } from "./remedies.ts";
import { tables } from "./tables.ts";
import { training } from "./training.ts";
import type { ValidCall } from "./valid_call.ts";

export const validCalls: Record<string, Record<string, ValidCall>> = {
  "cosine-lab": cosineLab,
  "cosine-lab/arbitrariness": arbitrariness,
  "cosine-lab/audit": audit,
  "cosine-lab/datasets": datasets,
  "cosine-lab/evaluation": evaluation,
  "cosine-lab/networks": networks,
  "cosine-lab/notebook": notebook,
  "cosine-lab/remedies": remedies,
  "cosine-lab/tables": tables,
  "cosine-lab/training": training,
};
