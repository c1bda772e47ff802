import type { Edges, ProcessResult } from "./edges.ts";
import { CompatError } from "./error.ts";
import { type Image, readImage } from "./image.ts";

/** What `buf breaking` says about a change. Lines and columns count from 1; 0 where buf gives none. */
export interface BufFinding {
  /** Path of the file inside its module; "" when the file is gone. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** The rule, such as FIELD_SAME_TYPE. */
  readonly type: string;
  readonly message: string;
}

/** The parts of a buf.yaml that decide what is a finding, as a buf.yaml (version v2, JSON). */
export type BreakingConfig = string;

/** Category FILE without exceptions. */
export const fileConfig: BreakingConfig = JSON.stringify({ version: "v2", breaking: { use: ["FILE"] } });

/** buf as the gate needs it. */
export interface Buf {
  /**
   * Compiles the module or workspace in a directory, source positions and comments included.
   * @throws CompatError `syntax` when it does not compile, `buf` when buf can't be run
   */
  build(directory: string): Promise<Image>;
  /** @throws CompatError `buf` */
  breaking(now: Image, before: Image, config: BreakingConfig): Promise<BufFinding[]>;
}

/** `cwd` is what file names in messages are relative to. */
export function createBuf(edges: Edges, cwd: string): Buf {
  const run = async (arguments_: readonly string[], stdin?: Uint8Array): Promise<ProcessResult> => {
    const result = await edges.run("buf", arguments_, { cwd, stdin });
    if (result === undefined) {
      throw new CompatError(
        "buf",
        "buf can't be started: install the npm package @bufbuild/buf, with its optional dependency for this platform",
      );
    }
    return result;
  };
  return {
    async build(directory) {
      // Input and output have a format of their own; "-" is stdout.
      const result = await run(["build", directory, "--output", "-#format=binpb", "--error-format", "json"]);
      if (result.code === 0) return readImage(result.stdout, directory);
      const problems = parseFindings(`${new TextDecoder().decode(result.stdout)}\n${result.stderr}`);
      const compile = problems.filter(({ type }) => type === "COMPILE");
      if (compile.length > 0) {
        const lines = compile.map(({ path, line, column, message }) => `${path}:${line}:${column}: ${message}`);
        throw new CompatError("syntax", lines.join("\n"));
      }
      const said = result.stderr.trim();
      // An import that is missing, a module without files, a buf.yaml that buf can't read: the input is at fault.
      throw new CompatError(result.code === 1 || result.code === 100 ? "syntax" : "buf", `${directory}: ${said}`);
    },
    async breaking(now, before, config) {
      using directory = edges.temporary();
      const path = `${directory.path}/before.binpb`;
      edges.write(path, before.bytes);
      const arguments_ = [
        "breaking",
        "-#format=binpb",
        "--against",
        path,
        "--config",
        config,
        "--error-format",
        "json",
        "--exclude-imports",
      ];
      const result = await run(arguments_, now.bytes);
      if (result.code === 0) return [];
      const findings = parseFindings(new TextDecoder().decode(result.stdout));
      if (result.code !== 100 || findings.length === 0)
        throw new CompatError("buf", `buf breaking: ${result.stderr.trim()}`);
      return findings;
    },
  };
}

function parseFindings(text: string): BufFinding[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => {
      const {
        path = "",
        start_line = 0,
        start_column = 0,
        type = "",
        message = "",
      } = JSON.parse(line) as {
        path?: string;
        start_line?: number;
        start_column?: number;
        type?: string;
        message?: string;
      };
      return { path, line: start_line, column: start_column, type, message };
    });
}
