/**
 * Builds the site into the folder that is named: what `deno task site` does, for the tests.
 *
 * @module
 */
import { buildSite } from "../../tools/site/build_site.ts";

await buildSite(Deno.args[0]);
