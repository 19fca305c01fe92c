import "./docs_test.ts";
import "./examples_test.ts";
import "./architecture_test.ts";
import "./check_test.ts";
import "./permissions_test.ts";
import "./programs_test.ts";
