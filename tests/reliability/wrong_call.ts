/** A call that should be refused, and what is wrong with it. */
export interface WrongCall {
  what: string;
  args: unknown[];
}
