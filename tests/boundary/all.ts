import "./at_boundary_test.ts";
