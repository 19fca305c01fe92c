import "./hypot_test.ts";
import "./logarithms_test.ts";
import "./power_test.ts";
