import "./alternating_least_squares_test.ts";
import "./dropout_loss_test.ts";
import "./dropout_training_test.ts";
import "./gram_alone_test.ts";
import "./loss_gradient_test.ts";
import "./loss_hessian_test.ts";
import "./train_embeddings_test.ts";
