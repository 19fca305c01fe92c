/**
 * Spark's own grammar, of SQL. The package is written for bundlers: it is loaded once it has been bundled.
 *
 * @module
 */
export { SparkSQL } from "dt-sql-parser/spark";
