import "./notebook_test.ts";
import "./temporary_test.ts";
