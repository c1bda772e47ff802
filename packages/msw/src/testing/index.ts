export { describeWithChromium } from "./describe-with-chromium.ts";
export type { ChromiumFound } from "./find-chromium.ts";
export { findChromium } from "./find-chromium.ts";
export type { Chromium, WatchedPage } from "./launch-chromium.ts";
export { launchChromium } from "./launch-chromium.ts";
export type { ServedPage } from "./serve-page.ts";
export { servePage } from "./serve-page.ts";
