import "./publishing_test.ts";
import "./site_test.ts";
