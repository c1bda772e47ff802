#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Type stripping and module compilation are the larger part of a short run's wall time.
enableCompileCache();
await import("../src/main.ts");
