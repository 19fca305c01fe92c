import { parseHTML } from "linkedom";

/** The document in which Plot draws: it needs one, and outside a browser there is none. */
export const document: Document = (parseHTML("<html><body></body></html>") as unknown as {
  document: Document;
}).document;
