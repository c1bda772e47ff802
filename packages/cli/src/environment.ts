/** The edges of the process, as parameters: what a command reads and writes. */
export interface Environment {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
}

/** A stream to a person or a pipe. */
export interface Output {
  write(text: string): void;
  /** Whether a person reads it: colours and progress are for them. */
  readonly isTTY: boolean;
  /** Columns of the terminal; undefined for a pipe. */
  readonly columns: number | undefined;
}
