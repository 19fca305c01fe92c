import { drawFigure1 } from "../lib/figure1.ts";

if (import.meta.main) Deno.exit(await drawFigure1(Deno.args));
