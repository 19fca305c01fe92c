import "./random_draws_test.ts";
