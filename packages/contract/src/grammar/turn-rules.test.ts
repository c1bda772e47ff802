import { chatSchemas, chatV1, chatV2 } from "@ondash/schemas";
import { CompletionType, ErrorSeverity } from "@ondash/schemas/chat/v1";
import { describe, expect, it } from "vitest";
import { chart, completion, failure, soundEvent, status, told, turnFacts } from "../../test/support/facts.ts";
import { at, doubts, expectDoubt, OPEN, turnOf } from "../../test/support/turn-facts.ts";
import type { EventBody, SoundEvent } from "../event.ts";
import { held, idle, unprovable } from "../finding.ts";
import { beginsWithStatus, fatalIsLast, progressGoesForward } from "./turn-rules.ts";

const allDone = CompletionType.CONVERSATION;

describe("GRM-01", () => {
  const beginning = (...steps: EventBody[]) => turnOf(...steps, completion(allDone, steps.length + 1));

  it("wants a status or a FATAL error first", () => {
    for (const schema of chatSchemas) {
      expect(beginsWithStatus(turnFacts(schema, beginning(status())))).toEqual(held);
      expect(beginsWithStatus(turnFacts(schema, beginning(failure(ErrorSeverity.FATAL))))).toEqual(held);
      const wrong = beginning(failure(ErrorSeverity.ERROR), status());
      expect(told(beginsWithStatus(turnFacts(schema, wrong)))).toEqual({
        expected: "a status or a FATAL error first",
        actual: "a error event",
        records: [at(wrong[0], schema)],
        eventIds: ["e1"],
      });
      expect(beginsWithStatus(turnFacts(schema, []))).toEqual(idle);
    }
  });

  it("is known by sequence 1, however little else was seen; without sequences the turn must be whole", () => {
    const [right, wrong] = [beginning(status()), beginning(chart())];
    for (const [why, rest] of doubts) {
      expect(beginsWithStatus(turnFacts(chatV2, right, rest))).toEqual(held);
      expect(beginsWithStatus(turnFacts(chatV2, wrong, rest)).status).toBe("violated");
      expect(beginsWithStatus(turnFacts(chatV1, right, rest))).toEqual(unprovable(why));
      expect(beginsWithStatus(turnFacts(chatV1, wrong, rest))).toEqual(unprovable(why));
    }
    const late = [soundEvent(status(), 2)];
    expect(beginsWithStatus(turnFacts(chatV2, late))).toEqual(unprovable("sequence 1 was not observed"));
    expect(beginsWithStatus(turnFacts(chatV1, late))).toEqual(held);
  });
});

describe("GRM-06", () => {
  const fatal = failure(ErrorSeverity.FATAL);

  it("wants only completions after a FATAL error, by emission", () => {
    const wrong = turnOf(status(), fatal, completion(allDone), status());
    expect(told(fatalIsLast(turnFacts(chatV2, wrong, OPEN)))).toEqual({
      expected: "only completions after a FATAL error",
      actual: "a status event",
      records: [at(wrong[1]), at(wrong[3])],
      eventIds: ["e4", "e2"],
    });
    expect(fatalIsLast(turnFacts(chatV2, turnOf(status(), fatal, completion(allDone, 3))))).toEqual(held);
    expect(fatalIsLast(turnFacts(chatV2, turnOf(fatal, fatal))).status).toBe("violated");
    expect(fatalIsLast(turnFacts(chatV2, turnOf(status(), failure(ErrorSeverity.ERROR), status())))).toEqual(idle);
    const again = turnOf(fatal, completion(allDone));
    expect(fatalIsLast(turnFacts(chatV2, [...again, again[0] as SoundEvent]))).toEqual(held);
  });

  it("is unprovable where the turn was seen in part and nothing was found", () => {
    expectDoubt(fatalIsLast, turnOf(status(), fatal));
  });
});

describe("GRM-07", () => {
  it("wants steps at most total_steps", () => {
    const wrong = turnOf(status("Hm", 3, 2));
    expect(told(progressGoesForward(turnFacts(chatV2, wrong, OPEN)))).toEqual({
      expected: "step at most total_steps",
      actual: "step 3, total_steps 2",
      records: [at(wrong[0])],
      eventIds: ["e1"],
    });
    expect(progressGoesForward(turnFacts(chatV2, turnOf(status("Hm", 2, 2))))).toEqual(held);
    expect(progressGoesForward(turnFacts(chatV2, turnOf(status("Hm", 2, 0))))).toEqual(held);
  });

  it("wants no step back in a task; outside of tasks there may be one", () => {
    const wrong = turnOf(["t", status("a", 1)], ["t", status("b", 3)], ["u", status("c", 1)], ["t", status("d", 2)]);
    expect(told(progressGoesForward(turnFacts(chatV2, wrong)))).toEqual({
      expected: "step 3 or more",
      actual: "step 2",
      records: [at(wrong[1]), at(wrong[3])],
      eventIds: ["e4", "e2"],
    });
    expect(progressGoesForward(turnFacts(chatV2, turnOf(["t", status("a", 2)], ["t", status("b", 2)])))).toEqual(held);
    expect(progressGoesForward(turnFacts(chatV2, turnOf(status("a", 2), status("b", 1))))).toEqual(held);
    // A status without a step says nothing of progress.
    const silent = turnOf(["t", status("a", 2)], ["t", status("b", 0, 1)], ["t", status("c", 3)]);
    expect(progressGoesForward(turnFacts(chatV2, silent))).toEqual(held);
  });

  it("is idle without steps and in chat.v1, and unprovable where the turn was seen in part", () => {
    expect(progressGoesForward(turnFacts(chatV2, turnOf(status(), status("b", 0, 3))))).toEqual(idle);
    expect(progressGoesForward(turnFacts(chatV2, turnOf(chart())))).toEqual(idle);
    expect(progressGoesForward(turnFacts(chatV1, turnOf(status("a", 3, 2))))).toEqual(idle);
    expectDoubt(progressGoesForward, turnOf(status("a", 1)));
    expectDoubt(progressGoesForward, turnOf(["t", status("a", 1)], ["u", status()]));
  });
});
