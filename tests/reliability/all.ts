import "./at_once_test.ts";
import "./full_disk_test.ts";
import "./hostile_files_test.ts";
import "./hostile_options_test.ts";
import "./hostile_processes_test.ts";
import "./interrupts_test.ts";
import "./mutated_files_test.ts";
