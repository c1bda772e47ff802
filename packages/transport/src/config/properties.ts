/** One `name=value` of a properties file. */
export interface Property {
  readonly name: string;
  readonly value: string;
  /** 1-based. */
  readonly line: number;
}

/** A line that is none, without its text: it may hold a secret. */
export interface BadLine {
  readonly line: number;
  readonly problem: string;
}

/**
 * Reads a properties file as librdkafka's programs do: `name=value` lines, spaces around both ignored, the value as it
 * stands up to the end of the line; empty lines and lines that begin with "#" are skipped.
 */
export function readProperties(text: string): {
  readonly properties: readonly Property[];
  readonly bad: readonly BadLine[];
} {
  const properties: Property[] = [];
  const bad: BadLine[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const content = raw.trim();
    if (content === "" || content.startsWith("#")) continue;
    const line = index + 1;
    const equals = content.indexOf("=");
    const name = content.slice(0, Math.max(equals, 0)).trim();
    if (equals < 0) bad.push({ line, problem: 'expected "name=value", found no "="' });
    else if (name === "") bad.push({ line, problem: 'expected "name=value", found no name before "="' });
    else properties.push({ name, value: content.slice(equals + 1).trim(), line });
  }
  return { properties, bad };
}
