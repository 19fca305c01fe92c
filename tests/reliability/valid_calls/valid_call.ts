/** Arguments that a function takes, and its options where it has some: always its last argument. */
export interface ValidCall {
  args: unknown[];
  options?: Record<string, unknown>;
}

/** A call without options. */
export function call(...args: unknown[]): ValidCall {
  return { args };
}

/** A call with them, and as many of them as there can be at once. */
export function withOptions(options: Record<string, unknown>, ...args: unknown[]): ValidCall {
  return { args, options };
}
