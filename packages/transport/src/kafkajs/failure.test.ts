import { describe, expect, it } from "vitest";
import { toFailure } from "./failure.ts";

const kafkajsError = (name: string, more: object = {}): Error =>
  Object.assign(new Error("text"), { name, retriable: true }, more);

describe("failures of kafkajs", () => {
  it.each([
    ["KafkaJSConnectionError", "broker-lost", true],
    ["KafkaJSRequestTimeoutError", "broker-lost", true],
    ["KafkaJSLockTimeout", "broker-lost", true],
    ["KafkaJSSASLAuthenticationError", "auth", false],
    ["KafkaJSNotImplemented", "unreadable", false],
    ["TypeError", "protocol", true],
  ])("sorts %s", (name, code, retriable) => {
    expect(toFailure(kafkajsError(name))).toEqual({ code, retriable, type: undefined, text: "text" });
  });

  it("sorts what a broker answered by its error", () => {
    const answered = (type: string, retriable: boolean) =>
      toFailure(kafkajsError("KafkaJSProtocolError", { type, retriable }));
    expect(answered("NOT_LEADER_FOR_PARTITION", true)).toMatchObject({ code: "protocol", retriable: true });
    expect(answered("MESSAGE_TOO_LARGE", false)).toMatchObject({ code: "protocol", retriable: false });
    expect(answered("TOPIC_AUTHORIZATION_FAILED", false)).toEqual({
      code: "auth",
      retriable: false,
      type: "TOPIC_AUTHORIZATION_FAILED",
      text: "TOPIC_AUTHORIZATION_FAILED (text)",
    });
  });

  it("looks inside what kafkajs wraps: only the innermost error says what happened", () => {
    const inner = kafkajsError("KafkaJSProtocolError", { type: "LEADER_NOT_AVAILABLE" });
    const wrapped = kafkajsError("KafkaJSNonRetriableError", {
      retriable: false,
      cause: kafkajsError("KafkaJSNumberOfRetriesExceeded", { retriable: false, cause: inner }),
    });
    expect(toFailure(wrapped)).toMatchObject({ type: "LEADER_NOT_AVAILABLE", retriable: true });
  });

  it("takes of several the one that matters", () => {
    const errors = ["TOPIC_ALREADY_EXISTS", "INVALID_REPLICATION_FACTOR"].map((type) =>
      kafkajsError("KafkaJSCreateTopicError", { type, retriable: false }),
    );
    expect(toFailure(Object.assign(new Error("several"), { errors }))).toMatchObject({
      type: "INVALID_REPLICATION_FACTOR",
    });
  });

  it("takes what is no error, and one that is its own cause", () => {
    expect(toFailure("oops")).toEqual({ code: "protocol", retriable: false, type: undefined, text: "oops" });
    const strange = new Error("round");
    strange.cause = strange;
    expect(toFailure(strange).text).toBe("round");
  });
});
