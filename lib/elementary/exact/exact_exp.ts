import { decide } from "./decide.ts";
import { fixed } from "./dyadic.ts";
import { fixedExp } from "./fixed_exp.ts";

/** e^x for any double x but 0 that is between −746 and 710, correctly rounded, in some 50 µs. */
export const exactExp = (x: number): number => decide((bits) => fixedExp(fixed(x, bits), bits));
