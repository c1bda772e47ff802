import { styleText } from "node:util";

/** What a piece of a report is, for whoever colours it. */
export type Tone = "good" | "bad" | "warn" | "strong" | "dim";

/** Gives a piece of text its tone. Without colour it stays as it is. */
export type Paint = (tone: Tone, text: string) => string;

const FORMATS = { good: "green", bad: "red", warn: "yellow", strong: "bold", dim: "dim" } as const;

/** Creates the painter. Whether the stream wants colour is its caller's to know. */
export function createPaint(colour: boolean): Paint {
  if (!colour) return (_tone, text) => text;
  return (tone, text) => (text === "" ? text : styleText(FORMATS[tone], text, { validateStream: false }));
}
