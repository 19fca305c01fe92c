import type { Interactions } from "../interactions/interactions.ts";

/** Real interactions whose items have known labels; what `labeledInteractions` makes. */
export interface LabeledInteractions {
  /** What it is, in a word. */
  name: string;
  /** X; items are sorted by group. */
  interactions: Interactions;
  /** What each item is called. */
  items: string[];
  /** The group of each item, a number from 0: its section, or a movie's rarest genre. */
  groups: Uint16Array;
  /** The name of each group. */
  groupNames: string[];
  /** The topic of each item, a number from 0: its rarest debtag, or all genres of a movie. */
  topics: Uint16Array;
  /** The name of each topic; "" is that of items without one. */
  topicNames: string[];
  /** Items that most people in the field know. */
  wellKnown: number[];
}
