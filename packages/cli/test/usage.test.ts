import { main } from "@ondash/cli";
import { describe, expect, it } from "vitest";
import { folderWith, root } from "./support/ondash.ts";

/** Runs the command in this process: its edges are parameters. */
async function ondash(
  args: readonly string[],
  { cwd = root, env = {} }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const written = { stdout: "", stderr: "" };
  const output = (name: keyof typeof written) => ({
    write: (text: string) => void (written[name] += text),
    isTTY: false,
    columns: undefined,
  });
  const { signal } = new AbortController();
  const code = await main(args, { cwd, env, stdout: output("stdout"), stderr: output("stderr"), signal });
  return { code, ...written };
}

const scenario = (lines: string): string => `scenario: mine\nsteps:\n${lines}\n`;

describe("ondash: wrong usage ends with exit code 2, a reason on stderr, nothing on stdout", () => {
  it.each([
    [[], /Usage: ondash/],
    [["frobnicate"], /unknown command 'frobnicate'/],
    [["run", "--frobnicate"], /unknown option '--frobnicate'/],
    [["run", "sales-chrt"], /there is no scenario "sales-chrt".*did you mean sales-chart\?/],
    [["run", "no-such-*"], /no scenario fits the pattern no-such-\*/],
    [["run", "sales-chart", "--schema", "chat.v3"], /expected chat\.v1, chat\.v2 or both/],
    [["run", "sales-chart", "--report", "junit"], /junit report is not supported yet/],
    [["run", "sales-chart", "--report", "html=out.html"], /html report is not supported yet/],
    [["run", "sales-chart", "--report", "yaml"], /expected terminal or json/],
    [["run", "sales-chart", "--report", "json", "--report", "terminal"], /two reports go to stdout/],
    [["run", "sales-chart", "--report", "json=/no/such/folder/r.json"], /can't write the report \/no\/such/],
    [["run", "sales-chart", "--record", "/no/such/folder/r.jsonl"], /can't create the recording \/no\/such/],
    [["run", "sales-chart", "text-only", "--record", "r.jsonl"], /--record takes the traffic of one scenario/],
    [["run", "sales-chart", "--speed", "fast"], /expected a number from 0 on/],
    [["run", "sales-chart", "--speed", "-1"], /expected a number from 0 on/],
    [["run", "sales-chart", "--seed", "1.5"], /expected an integer/],
    [["run", "sales-chart", "--timeout", "30"], /expected a number and a unit/],
    [["run", "sales-chart", "--set", "region"], /expected name=value/],
    [["run", "sales-chart", "--set", "points=many"], /^scenarios\/sales-chart\.yaml:\d+:\d+: .*expected an integer/m],
    [["run", "sales-chart", "--set", "regoin=EMEA"], /--set regoin=EMEA.*region/],
    [["run", "sales-chart", "text-only", "--set", "nobody=1"], /none of the 2 scenarios has a parameter/],
    [["run", "sales-chart", "--broker", "kafka"], /expected one of auto, embedded, container, external/],
    [["run", "sales-chart", "--broker", "external"], /needs the brokers/],
    [["run", "sales-chart", "--broker", "embedded", "--brokers", "a:1"], /leave one of them out/],
    [["run", "sales-chart", "--brokers", "localhost"], /localhost/],
    [["run", "sales-chart", "--kafka-config", "x.properties"], /is for external brokers/],
    [["run", "sales-chart", "--brokers", "a:1", "--kafka-config", "no.properties"], /can't read .*no\.properties/],
    [["check"], /missing required argument 'recording'/],
    [["check", "no-such.jsonl"], /can't read the recording no-such\.jsonl/],
    [["verify"], /required option '--scenario <name>' not specified/],
    [["verify", "--scenario", "sales-chrt", "--brokers", "a:1"], /there is no scenario "sales-chrt".*sales-chart\?/],
    [["verify", "--scenario", "sales-*", "--brokers", "a:1"], /expected one scenario, and it stands for \d+/],
    [["verify", "--scenario", "sales-chart"], /needs the brokers that the producer writes to.*--trigger/],
    [["verify", "--scenario", "sales-chart", "--trigger", " "], /--trigger: expected a command/],
    [["verify", "--scenario", "sales-chart", "--brokers", "a:1", "--conversation-id", ""], /expected an id/],
    [["verify", "--scenario", "sales-chart", "--schema", "chat.v3"], /expected chat\.v1, chat\.v2 or both/],
    [["verify", "--scenario", "sales-chart", "--timeout", "soon"], /expected a number and a unit/],
    [["verify", "--scenario", "sales-chart", "--set", "regoin=EMEA"], /--set regoin=EMEA.*region/],
    [
      ["verify", "--scenario", "sales-chart", "--brokers", "a:1", "--kafka-config", "no.properties"],
      /can't read .*no\./,
    ],
    [
      ["verify", "--scenario", "sales-chart", "--brokers", "a:1", "--record", "/no/such/r.jsonl"],
      /can't create the rec/,
    ],
    [["verify", "--scenario", "sales-chart", "--brokers", "a:1", "--speed", "1"], /unknown option '--speed'/],
    [["record", "--brokers", "a:1"], /required option '--out <file>' not specified/],
    [["record", "--out", "t.jsonl"], /record needs the brokers: --brokers host:port,… or KAFKA_BROKERS/],
    [["record", "--brokers", "a:1", "--out", "/no/such/t.jsonl"], /can't create the recording \/no\/such/],
    [["record", "--brokers", "a:1", "--out", "t.jsonl", "--from", "yesterday"], /expected beginning or now/],
    [["record", "--brokers", "a:1", "--out", "t.jsonl", "--until", "later"], /expected end, turn, or a duration/],
    [["record", "--brokers", "a:1", "--out", "t.yaml", "--as-scenario", "--schema", "both"], /a turn of one version/],
    [["record", "--brokers", "a:1", "--out", "a turn.yaml", "--as-scenario"], /a scenario is called as its file/],
    [["record", "--recording", "t.jsonl", "--out", "t.yaml"], /--recording goes with --as-scenario/],
    [
      ["record", "--recording", "t.jsonl", "--out", "t.yaml", "--as-scenario", "--until", "end"],
      /leave --brokers, --from/,
    ],
    [["record", "--recording", "no.jsonl", "--out", "t.yaml", "--as-scenario"], /can't read the recording no\.jsonl/],
    [["replay"], /missing required argument 'recording'/],
    [["replay", "t.jsonl"], /replay needs the brokers: --brokers host:port,… or KAFKA_BROKERS/],
    [
      ["record", "--brokers", "a:1", "--out", "t.jsonl", "--continue", "cut.jsonl", "--until", "end"],
      /'--continue <recording>' cannot be used with option '--until <what>'/,
    ],
    [["replay", "t.jsonl", "--brokers", "a:1", "--speed", "-1"], /expected a number from 0 on/],
    [["replay", "t.jsonl", "--brokers", "a"], /host:port/],
    [["explain", "ORD-4"], /did you mean ORD-04\?/],
    [["broker", "--nodes", "0"], /expected an integer from 1 on/],
    [["broker", "--port", "70000"], /expected a port/],
  ] as const)("%j", async (args, reason) => {
    const { code, stdout, stderr } = await ondash(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(reason);
    expect(stderr).not.toMatch(/\bat .*\.ts:\d+/);
  });

  it("reads the broker's choice from the environment", async () => {
    const wrong = await ondash(["run", "sales-chart"], { env: { ONDASH_BROKER: "kafka" } });
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("ONDASH_BROKER kafka: expected one of") });
    const none = await ondash(["run", "sales-chart"], { env: { ONDASH_BROKER: "external" } });
    expect(none).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("ONDASH_BROKER external needs the brokers"),
    });
    const embedded = await ondash(["run", "text-only"], {
      env: { ONDASH_BROKER: "embedded", KAFKA_BROKERS: "127.0.0.1:1" },
    });
    expect(embedded).toMatchObject({ code: 0, stderr: expect.stringContaining("(ONDASH_BROKER embedded)") });
  });

  it("names file, line and column of what is wrong in a scenario, all of it", async () => {
    using folder = await folderWith({
      "scenarios/mine.yaml": scenario(
        "  - status: Hello\n  - txt: { position: BEFORE, body: x }\n  - text: { position: LEFT, body: x }",
      ),
      "scenarios/broken.yaml": 'scenario: broken\nsteps: [ { status: "open\n',
    });
    const invalid = await ondash(["run", "mine"], { cwd: folder.path });
    expect(invalid).toMatchObject({ code: 2, stdout: "" });
    expect(invalid.stderr).toMatch(/^scenarios\/mine\.yaml:4:\d+: .*text/m);
    expect(invalid.stderr).toMatch(/^scenarios\/mine\.yaml:5:\d+: .*BEFORE/m);
    const broken = await ondash(["run", "broken"], { cwd: folder.path });
    expect(broken).toMatchObject({ code: 2, stdout: "" });
    expect(broken.stderr).toMatch(/^scenarios\/broken\.yaml:\d+:\d+: /);
    const all = await ondash(["scenarios"], { cwd: folder.path });
    expect(all).toMatchObject({ code: 2, stdout: "" });
    expect(all.stderr).toContain("scenarios/mine.yaml:4");
    expect(all.stderr).toContain("scenarios/broken.yaml:");
  });
});

describe("ondash", () => {
  it.each([
    ["--help"],
    ["run", "--help"],
    ["check", "--help"],
    ["verify", "--help"],
    ["record", "--help"],
    ["replay", "--help"],
    ["broker", "--help"],
    ["help", "run"],
  ])("%s %s prints help on stdout and ends with 0", async (...args) => {
    const { code, stdout, stderr } = await ondash(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: ondash/);
  });

  it("says its version", async () => {
    const { code, stdout } = await ondash(["--version"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("lists the scenarios", async () => {
    const { code, stdout, stderr } = await ondash(["scenarios"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^sales-chart {2,}scenarios\/sales-chart\.yaml {2,}\S/m);
  });

  it("explains a rule with breach and cure, whatever the case of its id", async () => {
    const { code, stdout } = await ondash(["explain", "ord-04"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ORD-04 .*\n[^]*Breach .*\n+Cure /);
  });
});
