import { execFileSync } from "node:child_process";
import { nodeEdges, writeRelease } from "@ondash/compat";
import { createManualClock } from "@ondash/core";
import { describe, expect, it } from "vitest";
import { events, type Gate, lineOf, openGate } from "./gate.ts";

/** The change of acceptance: an enum becomes a string. */
function breakPosition(gate: Gate): void {
  gate.edit(events, "TextPosition position = 2;", "string position = 2;");
}

const change = "chat.v1.TextEvent.position: int32 enum → string";

function waiver(expires: string, text = change): string {
  return `waivers:\n  - change: "${text}"\n    reason: agreed\n    affected: [ondash-frontend]\n    expires: ${expires}\n`;
}

function at(day: string): { clock: ReturnType<typeof createManualClock> } {
  return { clock: createManualClock(Date.parse(day)) };
}

describe("the gate on this repository", () => {
  it("is clean, and searches nothing", async () => {
    using gate = openGate();
    const { exitCode, stdout, stderr } = await gate.run();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("compatible (against proto/baseline): 0 breaking, 0 warnings, 0 notes; no type changed");
  });

  it("prints a break with a witness per direction, a word per decoder, and who is hit", async () => {
    using gate = openGate();
    breakPosition(gate);
    const { exitCode, stdout } = await gate.run({
      scenarios: () => [
        { name: "sales-chart", fields: new Set(["chat.v1.TextEvent.position"]) },
        { name: "empty", fields: new Set(["chat.v1.StatusEvent.message"]) },
      ],
      contractRules: [{ name: "REC-07", fields: new Set(["chat.v1.TextEvent.position"]) }],
    });
    expect(exitCode).toBe(1);
    const line = lineOf(gate.read(events), "string position = 2;");
    const [first, ...rest] = stdout.split("\n\n")[0]?.split("\n") ?? [];
    expect(first).toBe(`BREAKING ${change}   ${events}:${line}`);
    expect(rest.map((text) => text.trim())).toEqual([
      "buf FIELD_SAME_TYPE",
      'old consumers reading new events:  {"position":"a"}  120161',
      'reference decoders: position lost (unknown field), no error · protobuf-es: throws "premature EOF" · strict: rejected, wire type 2, want 0',
      expect.stringMatching(/^ProtoJSON \{"position":"a"\}: throws "/),
      'new consumers reading old events:  {"position":1}  1001',
      'reference decoders: position lost (unknown field), no error · protobuf-es: throws "premature EOF" · strict: rejected, wire type 0, want 2',
      expect.stringMatching(/^ProtoJSON \{"position":-1\}: throws "/),
      "hits ondash-frontend (reads position) · topic ondash.llm.text · scenarios sales-chart · rule REC-07",
    ]);
  });

  it("prints JSON in its fixed shape", async () => {
    using gate = openGate();
    breakPosition(gate);
    const { exitCode, stdout } = await gate.run({ format: "json" });
    expect(exitCode).toBe(1);
    const report = JSON.parse(stdout) as { findings: { witnesses: unknown[] }[] };
    expect(report).toMatchObject({
      ondash: 1,
      verdict: "breaking",
      findings: [
        {
          subject: "chat.v1.TextEvent.position",
          severity: "break",
          file: events,
          line: lineOf(gate.read(events), "string position = 2;"),
          buf: ["FIELD_SAME_TYPE"],
          rules: [],
          waived: false,
          victims: ["ondash-frontend"],
          scenarios: [],
        },
      ],
    });
    expect(report.findings[0]?.witnesses).toContainEqual({
      direction: "F",
      oracle: "wire",
      effect: "lost",
      message: "chat.v1.TextEvent",
      json: { position: "a" },
      hex: "120161",
      reads: {},
      error: null,
      decoders: ["reference"],
    });
  });

  it("annotates on GitHub at the line of the field", async () => {
    using gate = openGate();
    breakPosition(gate);
    const { stdout } = await gate.run({ format: "github" });
    const line = lineOf(gate.read(events), "string position = 2;");
    expect(stdout).toMatch(
      new RegExp(
        `^::error file=${events},line=${line},title=chat\\.v1\\.TextEvent\\.position%3A [^\\n]*::[^\\n]*%0A[^\\n]*\\n$`,
      ),
    );
  });

  it("passes an added field with a warning for strict JSON readers", async () => {
    using gate = openGate();
    gate.edit(
      events,
      "TextPosition position = 2;",
      "TextPosition position = 2;\n  // Language.\n  string language = 3;",
    );
    const { exitCode, stdout } = await gate.run();
    expect(exitCode).toBe(0);
    expect(stdout).toContain("WARNING chat.v1.TextEvent.language: added as string = 3");
  });

  it("tells of an enum value with its witness, and names who reads fields of the enum", async () => {
    using gate = openGate();
    gate.edit(events, "TEXT_POSITION_AFTER = 2;", "TEXT_POSITION_BEHIND = 2;");
    const { exitCode, stdout } = await gate.run();
    expect(exitCode).toBe(1);
    const line = lineOf(gate.read(events), "TEXT_POSITION_BEHIND");
    const heading =
      "BREAKING chat.v1.TextPosition.TEXT_POSITION_AFTER: value 2: TEXT_POSITION_AFTER → TEXT_POSITION_BEHIND";
    expect(stdout).toContain(`${heading}   ${events}:${line}\n  buf ENUM_VALUE_SAME_NAME\n`);
    expect(stdout).toContain('  new consumers reading old events:  {"position":2}  1002\n');
    expect(stdout).toContain("  hits ondash-frontend (reads position) · topic ondash.llm.text\n");
    expect(stdout).toContain("1 breaking");
  });

  it("gives the same text for the same seed", async () => {
    using gate = openGate();
    breakPosition(gate);
    const runs = [await gate.run({ seed: 7, format: "json" }), await gate.run({ seed: 7, format: "json" })];
    expect(runs[0]?.stdout).toBe(runs[1]?.stdout);
  });
});

describe("what keeps the gate from a verdict", () => {
  it("is exit code 2 for a syntax error, with its place, and nothing on stdout", async () => {
    using gate = openGate();
    gate.edit(events, "string text = 1;", "string text = ;");
    const { exitCode, stdout, stderr } = await gate.run();
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(`${events}:${lineOf(gate.read(events), "string text = ;")}:`);
  });

  it("is exit code 3 without a baseline", async () => {
    using gate = openGate();
    gate.remove("proto/baseline");
    const { exitCode, stdout, stderr } = await gate.run();
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("no baseline: expected images proto/baseline/<package>.binpb");
  });

  it("is exit code 3 when the newest release of a package is missing", async () => {
    using gate = openGate();
    gate.write("proto/baseline/other.v1/1.binpb", new Uint8Array());
    expect(await gate.run()).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("other.v1.binpb") as string,
    });
  });

  it("is exit code 3 without buf", async () => {
    using gate = openGate();
    const edges = { ...nodeEdges(), run: () => Promise.resolve(undefined) };
    expect(await gate.run({ edges })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("buf can't be started") as string,
    });
  });

  it("is exit code 3 for a git ref that is none", async () => {
    using gate = openGate();
    expect(await gate.run({ against: "no-such-branch" })).toMatchObject({ exitCode: 3 });
  });

  it.each([
    ["no such directory", { proto: "elsewhere" }, "--proto elsewhere: no such directory"],
    ["an image that is none", { against: "proto/buf.yaml" }, "expected an image"],
    ["an unknown format", { format: "xml" as "json" }, "--format xml"],
  ])("is exit code 2 for %s", async (_, options, said) => {
    using gate = openGate();
    expect(await gate.run(options)).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringContaining(said) as string,
    });
  });

  it("is exit code 2 for files beside the schemas that make no sense, with file:line", async () => {
    using gate = openGate();
    gate.edit("proto/consumers.yaml", "text.position]", "text.colour]");
    const line = lineOf(gate.read("proto/consumers.yaml"), "text.colour");
    expect(await gate.run()).toMatchObject({
      exitCode: 2,
      stderr: `proto/consumers.yaml:${line}: no field text.colour in chat.v1.EventEnvelope\n`,
    });
    gate.write("proto/consumers.yaml", "");
    gate.write(
      "proto/waivers.yaml",
      "waivers:\n  - change: x\n    reason: ''\n    affected: [y]\n    expires: 2027-01-01\n",
    );
    expect(await gate.run()).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("proto/waivers.yaml:3: ") as string,
    });
    gate.write("proto/waivers.yaml", "waivers: [\n");
    expect(await gate.run()).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("proto/waivers.yaml:") as string,
    });
    gate.write("proto/waivers.yaml", "");
    gate.write(
      "proto/baseline/compat-policy.yaml",
      "policy: 1\nchanges:\n  - at: F.jsn.throws\n    level: off\n    reason: x\n",
    );
    expect(await gate.run()).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("compat-policy.yaml:3: no place F.jsn.throws") as string,
    });
  });
});

describe("a change that hides itself", () => {
  it("is caught all the same: buf.yaml and the policy are the baseline's", async () => {
    using gate = openGate();
    breakPosition(gate);
    gate.write(
      "proto/buf.yaml",
      "version: v2\nmodules:\n  - path: schemas\nbreaking:\n  use: [FILE]\n  except: [FIELD_SAME_TYPE]\n  ignore: [schemas/chat/v1]\n",
    );
    const changes = [
      "buf",
      "B.wire.lost",
      "B.wire.throws",
      "F.wire.throws",
      "F.wire.changed",
      "F.silent.changed",
      "B.json.throws",
    ];
    gate.write(
      "proto/compat-policy.yaml",
      `policy: 1\nchanges:\n${changes.map((place) => `  - {at: ${place}, level: off, reason: hush}\n`).join("")}`,
    );
    const { exitCode, stdout, stderr } = await gate.run();
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`BREAKING ${change}`);
    expect(stderr).toContain(
      "proto/compat-policy.yaml differs from proto/baseline/compat-policy.yaml: the baseline's counts",
    );
  });

  it("is caught when it takes the file out of the module", async () => {
    using gate = openGate();
    breakPosition(gate);
    gate.write("proto/buf.yaml", "version: v2\nmodules:\n  - path: schemas\n    excludes: [schemas/chat/v1]\n");
    const { exitCode, stdout } = await gate.run();
    expect(exitCode).toBe(1);
    expect(stdout).toContain("BREAKING chat/v1/events.proto: file deleted");
  });

  it("obeys a policy that was released", async () => {
    using gate = openGate();
    gate.edit(
      events,
      "TextPosition position = 2;",
      "TextPosition position = 2;\n  // Language.\n  string language = 3;",
    );
    gate.write(
      "proto/baseline/compat-policy.yaml",
      "policy: 1\nchanges:\n  - {at: F.json.throws, level: break, reason: the app is strict}\n",
    );
    expect(await gate.run()).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("BREAKING chat.v1.TextEvent.language") as string,
    });
  });
});

describe("the rules of the contract", () => {
  it("may not get stricter than at the release, unless it is waived", async () => {
    using gate = openGate();
    const released = [{ id: "GRM-01", severity: "warning" }] as const;
    const now = [{ id: "GRM-01", severity: "error" }] as const;
    await writeRelease({ edges: nodeEdges(), cwd: gate.cwd, proto: "proto/schemas", packages: [], contract: released });
    expect(await gate.run({ contract: released })).toMatchObject({ exitCode: 0 });
    const { exitCode, stdout } = await gate.run({ contract: now });
    expect(exitCode).toBe(1);
    const heading = "BREAKING contract rule GRM-01: warning → error   proto/baseline/contract-rules.json:1";
    expect(stdout).toContain(`${heading}\n  CONTRACT_STRICTER`);
    gate.write("proto/waivers.yaml", waiver("2027-01-31", "contract rule GRM-01: warning -> error"));
    expect(await gate.run({ contract: now, ...at("2027-01-01") })).toMatchObject({ exitCode: 0 });
  });
});

describe("a waiver", () => {
  it("lets its break pass until its last day has ended", async () => {
    using gate = openGate();
    breakPosition(gate);
    gate.write("proto/waivers.yaml", waiver("2027-01-31", change.replace("→", "->")));
    const { exitCode, stdout } = await gate.run(at("2027-01-31T23:59:59Z"));
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`WAIVED ${change}`);
    const late = await gate.run(at("2027-02-01T00:00:00Z"));
    expect(late.exitCode).toBe(1);
    expect(late.stdout).toContain(
      `BREAKING waiver of ${change.replace("→", "->")}: expired on 2027-01-31   proto/waivers.yaml:2`,
    );
    expect(late.stdout).toContain(`BREAKING ${change}`);
  });

  it("fails when no change needs it", async () => {
    using gate = openGate();
    gate.write("proto/waivers.yaml", waiver("2027-01-31"));
    const { exitCode, stdout } = await gate.run(at("2027-01-01"));
    expect(exitCode).toBe(1);
    expect(stdout).toContain("unused: there is no such break   proto/waivers.yaml:2\n  WAIVER_UNUSED");
  });

  it("is for one change: another of the same field is not waived", async () => {
    using gate = openGate();
    gate.edit(events, "TextPosition position = 2;", "bytes position = 2;");
    gate.write("proto/waivers.yaml", waiver("2027-01-31"));
    const { exitCode, stdout } = await gate.run(at("2027-01-01"));
    expect(exitCode).toBe(1);
    expect(stdout).toContain("BREAKING chat.v1.TextEvent.position: int32 enum → bytes");
  });
});

describe("--against", () => {
  it("compares with a directory and with an image", async () => {
    using before = openGate();
    using gate = openGate();
    breakPosition(gate);
    gate.remove("proto/baseline");
    for (const against of [`${before.cwd}/proto/schemas`, `${before.cwd}/proto/baseline/chat.v1.binpb`]) {
      const { exitCode, stdout } = await gate.run({ against });
      expect(exitCode).toBe(1);
      expect(stdout).toContain(`BREAKING ${change}`);
    }
  });

  it("compares with a git ref, whose rules count, and notes released images that were changed", async () => {
    using gate = openGate();
    const git = (...arguments_: string[]): void => {
      const who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
      execFileSync("git", [...who, ...arguments_], { cwd: gate.cwd, stdio: "pipe" });
    };
    git("init", "-q", "-b", "main");
    git("add", "proto");
    git("commit", "-q", "-m", "before");
    expect(await gate.run({ against: "main" })).toMatchObject({ exitCode: 0 });
    breakPosition(gate);
    gate.edit("proto/buf.yaml", "- FILE", "- WIRE");
    const broken = await gate.run({ against: "HEAD" });
    expect(broken).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("buf FIELD_SAME_TYPE") as string });
    gate.edit(events, "string position = 2;", "TextPosition position = 2;");
    gate.write("proto/baseline/chat.v1.binpb", new Uint8Array());
    expect(await gate.run({ against: "HEAD" })).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining(
        "baseline/chat.v1.binpb: differs from HEAD: a released image never changes",
      ) as string,
    });
  });

  it("works for any module, without any of the files beside it", async () => {
    using gate = openGate({ empty: true });
    gate.write("old/a.proto", 'syntax = "proto3";\npackage any.v1;\nmessage A { string a = 1; }\n');
    gate.write("new/a.proto", 'syntax = "proto3";\npackage any.v1;\nmessage A {\n  int64 a = 1;\n}\n');
    const { exitCode, stdout } = await gate.run({ proto: "new", against: "old" });
    expect(exitCode).toBe(1);
    expect(stdout).toContain("BREAKING any.v1.A.a: string → int64   new/a.proto:4");
    expect(stdout).toContain('old consumers reading new messages:  {"a":"1"}  0801');
  });
});

describe("releases before the newest", () => {
  const file = (fields: string): string =>
    `syntax = "proto3";\npackage any.v1;\nmessage A {\n  string a = 1;\n  ${fields}\n}\n`;

  /** Three releases: with a field, with its number reserved, with the reservation forgotten. */
  async function released(gate: Gate, ...versions: string[]): Promise<void> {
    gate.write("proto/buf.yaml", "version: v2\nmodules:\n  - path: schemas\n");
    for (const version of versions) {
      gate.write("proto/schemas/any/v1/a.proto", file(version));
      await writeRelease({ edges: nodeEdges(), cwd: gate.cwd, proto: "proto/schemas", packages: [] });
    }
  }

  it("show a number that is used again with another meaning", async () => {
    using gate = openGate({ empty: true });
    await released(gate, "string b = 2;", "reserved 2;", "");
    expect(gate.read("proto/baseline/any.v1/2.binpb")).not.toBe("");
    gate.write("proto/schemas/any/v1/a.proto", file("int32 c = 2;"));
    const { exitCode, stdout } = await gate.run();
    expect(exitCode).toBe(1);
    expect(stdout).toContain("BREAKING any.v1.A.c");
    expect(stdout).toContain("RESERVED_REUSED");
    expect(stdout).toContain("buf FIELD_SAME_JSON_NAME, FIELD_SAME_TYPE, FIELD_SAME_NAME");
  });

  it("do not bring back what was broken in a release since", async () => {
    using gate = openGate({ empty: true });
    await released(gate, "string b = 2;", "reserved 2;");
    expect(await gate.run()).toMatchObject({ exitCode: 0 });
    gate.write("proto/schemas/any/v1/a.proto", file("reserved 2;\n  string d = 4;"));
    expect(await gate.run()).toMatchObject({ exitCode: 0 });
  });
});
