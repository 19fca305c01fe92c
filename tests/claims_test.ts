// The ledger: one test for each claim of the paper that can be computed, named with its section.
import "./claims/full_rank.ts";
import "./claims/two_objectives.ts";
import "./claims/real_data.ts";
import "./claims/remedies.ts";
import "./claims/low_rank.ts";
import "./claims/beyond_linear.ts";
