import { execFileSync } from "node:child_process";
import type { JsonReport } from "@ondash/report";
import { describeWithDocker } from "@ondash/transport/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ondash, start } from "./support/ondash.ts";

const DEFAULT_IMAGE = process.env["ONDASH_KAFKA_IMAGE"] ?? "apache/kafka:4.3.1";

/** What a container runtime may need to be found. */
const found = Object.entries(process.env).filter(
  (entry): entry is [string, string] => /^(DOCKER_|TESTCONTAINERS_)/.test(entry[0]) && entry[1] !== undefined,
);

/** A name of its own for the image, so that this test's containers can be told from those of others. */
const image = `ondash-cli-test:${process.pid}`;

const env = { ...Object.fromEntries(found), ONDASH_KAFKA_IMAGE: image };

function docker(...args: readonly string[]): string {
  return execFileSync("docker", args, { encoding: "utf8" });
}

/** The containers of this test that were not removed. */
function containers(): readonly string[] {
  const list = docker("ps", "--all", "--filter", "label=dev.ondash.broker", "--format", "{{.ID}} {{.Image}}");
  return list.split("\n").filter((line) => line.endsWith(` ${image}`));
}

/** A report without what depends on the broker, the clock and what was there before. */
function stable(stdout: string): unknown {
  const { runs } = JSON.parse(stdout) as JsonReport;
  const text = JSON.stringify(runs.map((run) => ({ ...run, broker: null, durationMs: 0 })));
  return JSON.parse(text.replaceAll(/"offset":\d+/g, '"offset":0').replaceAll(/(@|offset |below )\d+/g, "$10"));
}

describeWithDocker("ondash run --broker container", () => {
  const scenarios = ["sales-chart", "sales-chart-lost-chart", "sales-chart-tombstone", "sales-chart-late-text"];
  const args = ["run", ...scenarios, "--report", "json", "--no-salt"];

  beforeAll(() => {
    if (docker("images", "--quiet", DEFAULT_IMAGE) === "") docker("pull", "--quiet", DEFAULT_IMAGE);
    docker("tag", DEFAULT_IMAGE, image);
  });
  afterAll(() => void docker("rmi", image));

  it("reports the same as with the embedded and an external broker, and leaves no container", async () => {
    const container = await ondash([...args, "--broker", "container"], { env });
    expect(container).toMatchObject({ code: 0, stderr: expect.stringContaining("in a container at") });
    expect(containers()).toEqual([]);

    const embedded = await ondash([...args, "--broker", "embedded"]);
    await using broker = start(["broker"]);
    const [, brokers = ""] = await broker.printed(/^ready (\S+)\n/);
    const external = await ondash([...args, "--brokers", brokers, "--create-topics"]);
    expect([embedded.code, external.code]).toEqual([0, 0]);
    expect(stable(container.stdout)).toEqual(stable(embedded.stdout));
    expect(stable(external.stdout)).toEqual(stable(embedded.stdout));
    const kinds = [container, embedded, external].map(
      ({ stdout }) => (JSON.parse(stdout) as JsonReport).runs[0]?.broker,
    );
    expect(kinds).toEqual(["container", "embedded", "external"]);
  });

  it("leaves no container when it is interrupted while Kafka starts", async () => {
    await using running = start(["run", "sales-chart", "--broker", "container"], { env });
    while (containers().length === 0 && running.child.exitCode === null) await nextTurn();
    running.child.kill("SIGINT");
    expect(await running.ended).toMatchObject({ code: 130, stdout: "" });
    expect(containers()).toEqual([]);
  });
});

/** `docker ps` takes long enough to be no busy loop; the test's own timeout bounds it. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
