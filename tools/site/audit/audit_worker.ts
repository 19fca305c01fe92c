/**
 * Audits files away from the page, which stays usable meanwhile.
 *
 * @module
 */
import { InputError } from "../../../lib/io/input_error.ts";
import type { AuditAnswer, AuditRequest } from "./audit_messages.ts";
import { runAudit } from "./run_audit.ts";

const scope = globalThis as unknown as {
  postMessage(answer: AuditAnswer): void;
  onmessage: (event: MessageEvent<AuditRequest>) => void;
};

scope.onmessage = async ({ data }) => {
  try {
    const result = await runAudit(
      data,
      (share, text) => scope.postMessage({ kind: "progress", share, text }),
    );
    scope.postMessage({ kind: "done", ...result });
  } catch (error) {
    const expected = error instanceof InputError || error instanceof RangeError ||
      error instanceof TypeError;
    const { message, stack } = error as Error;
    scope.postMessage({
      kind: "error",
      message: expected ? message : `A bug: ${stack ?? message}`,
    });
  }
};
