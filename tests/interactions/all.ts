import "./centered_gram_test.ts";
import "./drop_rare_test.ts";
import "./interactions_test.ts";
import "./select_items_test.ts";
import "./select_users_test.ts";
