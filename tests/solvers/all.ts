import "./invariances_test.ts";
import "./modeling_choices_test.ts";
import "./models_test.ts";
import "./user_embeddings_test.ts";
