import "./draw_interactions_test.ts";
import "./sample_items_test.ts";
import "./simulate_interactions_test.ts";
