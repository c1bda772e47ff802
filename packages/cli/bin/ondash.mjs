#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Stripping types and compiling modules is the larger part of a short run's wall time.
enableCompileCache();
const { runProcess } = await import("../src/process.ts");
await runProcess();
