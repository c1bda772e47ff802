/**
 * What must not reach a terminal, or a person's eye unmarked: control characters (ESC begins a command to the terminal,
 * and so does U+009B), line and paragraph separators, lone surrogates, and format characters (bidirectional overrides,
 * invisible tags). Kept: the joiners that scripts and emoji need, and the Arabic number marks, which are visible.
 */
const HOSTILE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?!\u200c|\u200d|[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2])\p{Cf}/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Makes text from outside (payloads, ids, file names) safe to print on one line: every hostile character becomes a
 * visible escape such as `\n`, `\u001b` or `\u{e0041}`. What is safe stays as it is.
 */
export function sanitise(text: string): string {
  return text.replace(HOSTILE, (character) => SHORT[character] ?? escapeCharacter(character));
}

/** Characters of a text from outside that are worth a person's time. */
const LONGEST = 600;

/** The beginning of a text, made safe: enough to see what it is, however long it is. */
export function excerpt(text: string): string {
  return sanitise(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, "0")}`;
}
