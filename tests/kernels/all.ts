import "./crew_test.ts";
import "./digits_test.ts";
