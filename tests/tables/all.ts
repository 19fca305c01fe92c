import "./assert_room_test.ts";
import "./gram_from_counts_test.ts";
import "./gram_from_parquet_test.ts";
import "./gram_query_postgresql_test.ts";
import "./gram_query_test.ts";
import "./read_interactions_test.ts";
