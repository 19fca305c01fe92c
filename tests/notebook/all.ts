import "./figure_test.ts";
import "./format_error_test.ts";
import "./progress_bar_test.ts";
import "./scaling_slider_test.ts";
import "./source_hash_test.ts";
