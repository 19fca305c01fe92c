import "./package_test.ts";
