import "./debian_packages_test.ts";
import "./download_test.ts";
import "./labeled_interactions_test.ts";
import "./library_embeddings_test.ts";
import "./package_needs_test.ts";
import "./read_movielens_test.ts";
import "./topic_tags_test.ts";
