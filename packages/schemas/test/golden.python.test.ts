import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ProgramResult, protoDirectory, pythonEnvironment, run } from "@ondash/schemas/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const packageDirectory = join(import.meta.dirname, "..");
const environment = await pythonEnvironment();
const title = environment.available ? "" : ` (left out: ${environment.reason})`;

describe.skipIf(!environment.available)(`golden vectors in Python${title}`, async () => {
  const python = environment.available ? environment.python : "";
  // Debian's own interpreter, with Debian's package of protobuf: a C++ implementation, and years older.
  const debian = "/usr/bin/python3";
  const hasDebian = existsSync(debian) && (await run(debian, ["-c", "import google.protobuf"])).status === 0;

  let directory: string;
  let descriptors: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "ondash-golden-"));
    descriptors = join(directory, "descriptors.binpb");
    const protos = [1, 2].flatMap((version) =>
      ["events", "chat"].map((name) => `schemas/chat/v${version}/${name}.proto`),
    );
    const arguments_ = ["--include_imports", `--descriptor_set_out=${descriptors}`, "--proto_path=.", ...protos];
    const protoc = await run(join(packageDirectory, "node_modules/.bin/protoc"), arguments_, { cwd: protoDirectory });
    if (protoc.status !== 0) throw new Error(`protoc: exit ${protoc.status}: ${protoc.stderr}`);
  }, 60_000);
  afterAll(() => rm(directory, { recursive: true, force: true }));

  function check(interpreter: string, golden: string, implementation?: string): Promise<ProgramResult> {
    const script = join(packageDirectory, "python/check_golden.py");
    const command = [interpreter, script, "--descriptors", descriptors, "--golden", golden];
    const variables = implementation === undefined ? [] : [`PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION=${implementation}`];
    return run("/usr/bin/env", [...variables, ...command]);
  }

  const golden = join(protoDirectory, "golden");

  it.each(["upb", "python"])("hold in the %s implementation", { timeout: 60_000 }, async (implementation) => {
    const { status, stdout, stderr } = await check(python, golden, implementation);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(
      new RegExp(
        String.raw`^protobuf [\d.]+ \(${implementation}\): \d{3,} canonical, \d{3,} decode-only, \d{3,} reject; 0 not`,
      ),
    );
  });

  if (!hasDebian) {
    process.stderr.write(
      "left out in schemas/test/golden.python.test.ts: Debian's protobuf (python3-protobuf is not installed)\n",
    );
  }
  it.skipIf(!hasDebian)("hold in Debian's protobuf, where it is installed", { timeout: 60_000 }, async () => {
    const { status, stdout } = await check(debian, golden);
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining("; 0 not as expected\n") });
  });

  it("are missed where there are none", async () => {
    expect(await check(python, directory)).toMatchObject({ status: 1, stdout: expect.stringContaining("0 canonical") });
  });
});
