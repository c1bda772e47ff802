import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createKeptOutput } from "./kept-output.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("createKeptOutput", () => {
  it("keeps a short output whole", () => {
    const kept = createKeptOutput(4, 4);
    for (const part of ["ab", "cde", "fgh"]) kept.add(bytes(part));
    expect(kept.text()).toBe("abcdefgh");
  });

  it("keeps beginning and end of a long one, and says how much is missing, however it is cut into pieces", () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{0,30}$/)),
        fc.nat(8),
        fc.integer({ min: 1, max: 8 }),
        (parts, head, tail) => {
          const whole = parts.join("");
          const kept = createKeptOutput(head, tail);
          for (const part of parts) kept.add(bytes(part));
          const leftOut = whole.length - head - tail;
          expect(kept.text()).toBe(
            leftOut <= 0 ? whole : `${whole.slice(0, head)}\n… ${leftOut} bytes left out …\n${whole.slice(-tail)}`,
          );
        },
      ),
    );
  });
});
