#!/usr/bin/env node
import { constants, enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// Stripping types and compiling modules is the larger part of a short run's time, and both are cached: beside this
// installation where that can be written, else in the system's temporary folder. NODE_COMPILE_CACHE chooses another
// place, NODE_DISABLE_COMPILE_CACHE=1 none.
const cached = enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/ondash", import.meta.url)));
if (cached.status === constants.compileCacheStatus.FAILED) enableCompileCache();
const { runProcess } = await import("../src/process.ts");
await runProcess();
