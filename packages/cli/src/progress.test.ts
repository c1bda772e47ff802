import { describe, expect, it } from "vitest";
import { createProgress } from "./progress.ts";

function shown(
  terminal: { readonly isTTY: boolean; readonly columns?: number },
  env: Record<string, string> = {},
): string {
  let text = "";
  const output = { isTTY: terminal.isTTY, columns: terminal.columns, write: (piece: string) => void (text += piece) };
  const progress = createProgress(output, env);
  progress.clear();
  progress.show("1/2 first\u001b[31m: a text that is longer than the line");
  progress.show("2/2 second");
  progress.clear();
  progress.clear();
  return text;
}

describe("createProgress", () => {
  it("writes one line over and over, cut to the terminal, and removes it", () => {
    const erase = "\r\u001b[2K";
    expect(shown({ isTTY: true, columns: 30 })).toBe(`${erase}1/2 first: a text that is lon${erase}2/2 second${erase}`);
  });

  it("writes nothing where no person reads it, or the terminal can't erase a line", () => {
    expect(shown({ isTTY: false })).toBe("");
    expect(shown({ isTTY: true, columns: 80 }, { TERM: "dumb" })).toBe("");
  });
});
