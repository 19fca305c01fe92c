import "./gradient_test.ts";
import "./network_test.ts";
import "./train_autoencoder_test.ts";
