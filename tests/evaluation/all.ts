import "./bootstrap_mean_test.ts";
import "./evaluate_ranking_test.ts";
import "./hold_out_test.ts";
import "./item_intervals_test.ts";
import "./paired_difference_test.ts";
import "./ranking_metrics_test.ts";
