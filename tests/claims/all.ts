import "./beyond_linear_test.ts";
import "./full_rank_test.ts";
import "./low_rank_test.ts";
import "./real_data_test.ts";
import "./remedies_test.ts";
import "./two_objectives_test.ts";
