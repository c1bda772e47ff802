import { parseDuration } from "@ondash/core";
import { InvalidArgumentError } from "commander";
import { parseReportChoice, type ReportChoice } from "./report-choice.ts";

/** `--schema`. */
export function parseSchema(text: string): "chat.v1" | "chat.v2" | "both" {
  if (text === "chat.v1" || text === "chat.v2" || text === "both") return text;
  throw new InvalidArgumentError("expected chat.v1, chat.v2 or both.");
}

/** `--speed`: a number from 0 on. */
export function parseSpeed(text: string): number {
  const speed = Number(text);
  if (text.trim() === "" || !Number.isFinite(speed) || speed < 0) {
    throw new InvalidArgumentError("expected a number from 0 on, as in 0, 1 or 2.5.");
  }
  return speed;
}

/** `--timeout`, in ms: more than nothing. */
export function parseTimeout(text: string): number {
  let ms: number;
  try {
    ms = parseDuration(text);
  } catch {
    throw new InvalidArgumentError("expected a number and a unit, as in 500ms, 30s or 2m.");
  }
  if (ms <= 0) throw new InvalidArgumentError("expected more than no time.");
  return ms;
}

/** `--from` of `record`. */
export function parseFrom(text: string): "beginning" | "now" {
  if (text === "beginning" || text === "now") return text;
  throw new InvalidArgumentError("expected beginning or now.");
}

/** `--until` of `record`: a duration is in ms. */
export function parseUntil(text: string): "end" | "turn" | number {
  if (text === "end" || text === "turn") return text;
  try {
    return parseTimeout(text);
  } catch {
    throw new InvalidArgumentError("expected end, turn, or a duration as in 30s or 5m.");
  }
}

/** A safe integer. */
export function parseInteger(text: string): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError("expected an integer.");
  return value;
}

/** An integer from 1 on. */
export function parsePositive(text: string): number {
  const value = parseInteger(text);
  if (value < 1) throw new InvalidArgumentError("expected an integer from 1 on.");
  return value;
}

/** A TCP port; 0 lets the system choose. */
export function parsePort(text: string): number {
  const value = parseInteger(text);
  if (value < 0 || value > 65_535) throw new InvalidArgumentError("expected a port, 0 to 65535.");
  return value;
}

/** `--set name=value`, once more. */
export function collectSetting(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("expected name=value.");
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** `--report FORMAT[=FILE]`, once more. */
export function collectReport(text: string, before: readonly ReportChoice[]): readonly ReportChoice[] {
  const choice = parseReportChoice(text);
  if (typeof choice === "string") throw new InvalidArgumentError(choice);
  return [...before, choice];
}

/** `--format` of the gate. */
export function parseFormat(text: string): "terminal" | "json" | "github" {
  if (text === "terminal" || text === "json" || text === "github") return text;
  throw new InvalidArgumentError("expected terminal, json or github.");
}
