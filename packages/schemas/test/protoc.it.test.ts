import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generatePythonCode } from "@ondash/schemas/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };

let out: string;
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), "ondash-protoc-"));
});
afterEach(() => rm(out, { recursive: true, force: true }));

describe("the schema documents' protoc command", () => {
  it.each([1, 2] as const)("generates Python code and stubs of chat.v%d", async (version) => {
    expect(await generatePythonCode(out, version)).toEqual({ status: 0, stdout: "", stderr: "" });
    const files = await readdir(join(out, `schemas/chat/v${version}`));
    expect(files.toSorted()).toEqual(["chat_pb2.py", "chat_pb2.pyi", "events_pb2.py", "events_pb2.pyi"]);
    expect(await readFile(join(out, `schemas/chat/v${version}/events_pb2.pyi`), "utf8")).toContain(
      "class EventEnvelope(",
    );
  });

  it("generates code for the protobuf runtime that requirements.txt pins", async () => {
    await generatePythonCode(out);
    const code = await readFile(join(out, "schemas/chat/v1/events_pb2.py"), "utf8");
    const runtime = /^# Protobuf Python Version: (.*)$/m.exec(code)?.[1];
    const requirements = await readFile(join(import.meta.dirname, "../python/requirements.txt"), "utf8");
    expect(requirements).toContain(`\nprotobuf==${runtime}\n`);
    // The comment there names both versions, too.
    const compiler = manifest.devDependencies.protoc.replace(/^\^/, "").split(".").slice(0, 2).join(".");
    expect(requirements).toContain(`protoc ${compiler} generates code for the Python runtime ${runtime}`);
  });
});
