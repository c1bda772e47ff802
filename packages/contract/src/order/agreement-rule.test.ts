import { chatV1, chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { chart, completion, failure, soundEvent, status, text, told, turnFacts } from "../../test/support/facts.ts";
import { at, OPEN } from "../../test/support/turn-facts.ts";
import type { EventBody, SoundEvent } from "../event.ts";
import { held, idle, unprovable, violated } from "../finding.ts";
import type { TurnFacts, TurnLedger } from "../turn/facts.ts";
import { type VersionOfTurn, versionsAgree } from "./agreement-rule.ts";

const finding = { message: "", expected: "", actual: "", records: [] };
const ledger: TurnLedger = { planned: 2, missing: [], absent: [], unseen: [], indefinite: [] };
const version = (
  schema: typeof chatV1 | typeof chatV2,
  events: readonly SoundEvent[],
  rest: Partial<TurnFacts> = {},
  own: Partial<VersionOfTurn> = {},
): VersionOfTurn => ({ facts: turnFacts(schema, events, rest), checks: [], spoiled: undefined, ...own });

const events = [soundEvent(status(), 1), soundEvent(completion(1, 2), 2)];
const sound = [version(chatV1, events), version(chatV2, events)] as const;

/** What ORD-09 says of two versions of one event that differ in something. */
const between = (older: Partial<SoundEvent>, newer: Partial<SoundEvent>): unknown =>
  told(
    versionsAgree(version(chatV1, [soundEvent(status(), 1, older)]), version(chatV2, [soundEvent(status(), 1, newer)])),
  );

describe("ORD-09", () => {
  it("holds where both versions say the same", () => {
    expect(versionsAgree(...sound)).toEqual(held);
  });

  it.each([
    [chatV1, chatV2],
    [chatV2, chatV1],
  ] as const)("is not judged against a version of which something else is known", (own, other) => {
    const judge = (rest: Partial<TurnFacts>, more: Partial<VersionOfTurn> = {}): unknown => {
      const reserved = version(own, events, rest, more);
      const sides = [reserved, version(other, events)] as const;
      return own === chatV1 ? versionsAgree(...sides) : versionsAgree(sides[1], sides[0]);
    };
    expect(judge({}, { spoiled: "a broken record" })).toEqual(unprovable("a broken record"));
    expect(judge(OPEN)).toEqual(unprovable(`the turn has not ended in ${own.name}`));
    expect(judge({ gap: "a gap" })).toEqual(unprovable("a gap"));
    expect(judge({ settled: { why: "no barrier" } })).toEqual(unprovable("no barrier"));
    for (const rule of ["ORD-04", "ORD-05", "ORD-07"]) {
      const why = `the turn breaks ${rule} in ${own.name}`;
      expect(
        judge(
          {},
          {
            checks: [
              ["ORD-01", held],
              [rule, violated(finding)],
            ],
          },
        ),
      ).toEqual(unprovable(why));
    }
    expect(judge({ ledger: { ...ledger, absent: ["x"] } })).toEqual(
      unprovable(`acknowledged events are not in the log in ${own.name} (KAF-04)`),
    );
    expect(judge({ ledger: { ...ledger, unseen: ["x"] } })).toEqual(
      unprovable(`acknowledged events of ${own.name} lie where nobody looked`),
    );
    expect(judge({ ledger: { ...ledger, indefinite: ["x"] } })).toEqual(
      unprovable(`nobody knows of some events of ${own.name} whether they were written`),
    );
  });

  it("is judged whatever else the versions break, and with a ledger that knows of nothing that is missing", () => {
    for (const check of [held, idle, unprovable("why")]) {
      expect(versionsAgree(version(chatV1, events, {}, { checks: [["ORD-04", check]] }), sound[1])).toEqual(held);
    }
    expect(
      versionsAgree(
        version(chatV1, events, { ledger: { ...ledger, missing: ["x"] } }, { checks: [["ORD-06", violated(finding)]] }),
        sound[1],
      ),
    ).toEqual(held);
  });

  it("names an event that is in one version only", () => {
    const [first, second] = events;
    const one = first === undefined ? [] : [first];
    expect(versionsAgree(version(chatV1, one), sound[1])).toEqual({
      status: "violated",
      finding: {
        message: "Event e2 (completion) was published in chat.v2 only.",
        expected: "the same event in chat.v1",
        actual: `${chatV2.topics.completion}/2@2, and none in chat.v1`,
        records: [at(second)],
        eventIds: ["e2"],
      },
    });
    expect(told(versionsAgree(sound[0], version(chatV2, one)))).toMatchObject({
      expected: "the same event in chat.v2",
      actual: `${chatV1.topics.completion}/2@2, and none in chat.v2`,
    });
  });

  it("names the first field that differs, and both events", () => {
    const older = version(chatV1, [soundEvent(text(4, "left"), 1)]);
    const newer = version(chatV2, [soundEvent(text(4, "right"), 1)]);
    expect(versionsAgree(older, newer)).toEqual({
      status: "violated",
      finding: {
        message: "The two versions of event e1 differ in text.text.",
        expected: 'chat.v1 as chat.v2 says: "right"',
        actual: '"left"',
        records: [{ ...at(soundEvent(text(4), 1), chatV1) }, { ...at(soundEvent(text(4), 1)) }],
        eventIds: ["e1"],
      },
    });
  });

  it("compares tasks, instants to the nanosecond, and kinds", () => {
    expect(between({ taskId: "a" }, { taskId: "b" })).toMatchObject({
      expected: 'chat.v1 as chat.v2 says: "b"',
      actual: '"a"',
    });
    expect(between({ timestamp: { seconds: 5n, nanos: 70 } }, { timestamp: { seconds: 5n, nanos: 71 } })).toMatchObject(
      { expected: "chat.v1 as chat.v2 says: 5.000000071", actual: "5.000000070" },
    );
    expect(between({ body: status("x") }, { body: failure(2, "", "x") })).toMatchObject({
      expected: "chat.v1 as chat.v2 says: error",
      actual: "status",
    });
  });

  it.each<[field: string, older: EventBody, newer: EventBody]>([
    ["status.message", status("a"), status("b")],
    ["text.text", text(4, "a"), text(4, "b")],
    ["text.position", text(4), text(3)],
    ["chart.chart_type", chart("bar"), chart("pie")],
    ["chart.config_json", chart("bar"), { ...chart("bar"), configJson: "[]" } as EventBody],
    ["error.severity", failure(1), failure(2)],
    ["error.code", failure(1, "a"), failure(1, "b")],
    ["error.message", failure(1, "a", "a"), failure(1, "a", "b")],
    ["completion.type", completion(1, 0), completion(2, 0)],
    ["completion.message", completion(1, 0, "a"), completion(1, 0, "b")],
  ])("compares %s", (field, older, newer) => {
    const check = versionsAgree(version(chatV1, [soundEvent(older, 1)]), version(chatV2, [soundEvent(newer, 1)]));
    expect(check).toMatchObject({ finding: { message: `The two versions of event e1 differ in ${field}.` } });
    expect(versionsAgree(version(chatV1, [soundEvent(older, 1)]), version(chatV2, [soundEvent(older, 1)]))).toEqual(
      held,
    );
  });

  it("does not compare what only chat.v2 has", () => {
    expect(between({ body: status("x") }, { body: status("x", 2, 3), sequence: 7 })).toEqual(held);
    expect(between({ body: completion(1) }, { body: completion(1, 9) })).toEqual(held);
  });
});
