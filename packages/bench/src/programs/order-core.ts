/** Measures the order core in a process of its own, and prints the figures as JSON. */
import { measureOrderCore } from "../order-core.ts";

process.stdout.write(`${JSON.stringify(measureOrderCore())}\n`);
