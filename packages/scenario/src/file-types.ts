/** The parts of a scenario file as the definition lets them through. Optional members may be absent or undefined. */

/** A task's id (`none`: the turn itself), or the id with the task's scenario. */
export type TaskRef = string | { readonly id: string; readonly scenario?: string | undefined };

interface EventStep {
  readonly id?: string | undefined;
  readonly after?: string | undefined;
  readonly task?: TaskRef | undefined;
}

/** Each kind of step, by the key that names it. */
export interface Steps {
  readonly status: EventStep & { readonly status: string };
  readonly text: EventStep & {
    readonly text: { readonly position: "BEFORE" | "AFTER" | "STANDALONE"; readonly body: string };
  };
  readonly chart: EventStep & {
    readonly chart: {
      readonly type: string;
      readonly config?: Readonly<Record<string, unknown>> | undefined;
      readonly raw?: string | undefined;
    };
  };
  readonly error: EventStep & {
    readonly error: {
      readonly severity: "WARNING" | "ERROR" | "FATAL";
      readonly code: string;
      readonly message: string;
    };
  };
  readonly completion: EventStep & {
    readonly completion: { readonly type: "TASK" | "CONVERSATION"; readonly message?: string | undefined };
  };
  readonly repeat: {
    readonly repeat: { readonly times: number; readonly as?: string | undefined; readonly do: readonly unknown[] };
  };
  readonly when: {
    readonly when: {
      readonly param: string;
      readonly equals: string | number | boolean;
      readonly then: readonly unknown[];
      readonly else?: readonly unknown[] | undefined;
    };
  };
  readonly include: { readonly include: string };
  readonly wait_for: {
    readonly wait_for: {
      readonly signal: "cancel";
      readonly timeout?: string | undefined;
      readonly then?: readonly unknown[] | undefined;
    };
  };
}
export type StepKind = keyof Steps;
/** Kinds that emit an event. */
export type EventStepKind = Exclude<StepKind, "repeat" | "when" | "include" | "wait_for">;

interface Versioned {
  readonly version?: "chat.v1" | "chat.v2" | undefined;
}
interface Placed extends Versioned {
  readonly at: string | number;
}

/** Each kind of fault, by its `do`. */
export interface Faults {
  readonly drop: Placed & { readonly do: "drop" };
  readonly duplicate: Placed & { readonly do: "duplicate"; readonly same_id?: boolean | undefined };
  readonly delay: Placed & { readonly do: "delay"; readonly by: string };
  readonly swap: Versioned & { readonly do: "swap"; readonly at: readonly [string | number, string | number] };
  readonly late: Placed & { readonly do: "late" };
  readonly corrupt: Placed & {
    readonly do: "corrupt";
    readonly how: "truncate_bytes" | "flip_bit" | "confluent_prefix" | "wrong_wire_type";
    readonly bytes?: number | undefined;
    readonly byte?: number | undefined;
    readonly bit?: number | undefined;
  };
  readonly set: Placed & { readonly do: "set"; readonly path: string; readonly value: unknown };
  readonly header: Placed & { readonly do: "header"; readonly name: string; readonly value: string | null };
  readonly key: Placed & { readonly do: "key"; readonly value: string | null };
  readonly partition: Placed & { readonly do: "partition"; readonly value: number };
  readonly topic: Placed & { readonly do: "topic"; readonly value: string };
  readonly tombstone: Placed & { readonly do: "tombstone" };
  readonly stop: Versioned & { readonly do: "stop"; readonly after: string | number };
}
export type FaultKind = keyof Faults;
export type Fault = Faults[FaultKind];

interface Described {
  readonly description?: string | undefined;
}

/** Each kind of parameter, by its `type`. */
export interface Params {
  readonly string: Described & { readonly type: "string"; readonly default: string };
  readonly int: Described & {
    readonly type: "int";
    readonly default: number;
    readonly min?: number | undefined;
    readonly max?: number | undefined;
  };
  readonly bool: Described & { readonly type: "bool"; readonly default: boolean };
  readonly enum: Described & { readonly type: "enum"; readonly default: string; readonly values: readonly string[] };
}
export type ParamKind = keyof Params;
export type Param = Params[ParamKind];

/** `expect.violations`: one list, or lists per schema, for chat.v1 with and without a ledger. */
export type ExpectedViolations =
  | readonly string[]
  | {
      readonly "chat.v1"?:
        | readonly string[]
        | { readonly ledger?: readonly string[] | undefined; readonly observed?: readonly string[] | undefined }
        | undefined;
      readonly "chat.v2"?: readonly string[] | undefined;
    };

/** A whole file; steps, faults and params are checked one by one. */
export interface ScenarioFile {
  readonly scenario: string;
  readonly title?: string | undefined;
  readonly prompt?: string | undefined;
  readonly match?:
    | { readonly user_message: { readonly regex: string; readonly flags?: string | undefined } }
    | undefined;
  readonly extends?: string | undefined;
  readonly schema?: "chat.v1" | "chat.v2" | "both" | undefined;
  readonly seed?: number | undefined;
  readonly start?: string | undefined;
  readonly timing?:
    | {
        readonly first?: string | undefined;
        readonly gap?: string | undefined;
        readonly jitter?: number | undefined;
      }
    | undefined;
  readonly task?: TaskRef | undefined;
  readonly message?:
    | { readonly execution_time_ms?: number | undefined; readonly tokens_used?: number | undefined }
    | undefined;
  readonly expect?:
    | {
        readonly verdict?: "passed" | "failed" | "inconclusive" | undefined;
        readonly violations?: ExpectedViolations | undefined;
        readonly warnings?: readonly string[] | undefined;
        readonly blocks?: readonly ("text" | "chart")[] | undefined;
        readonly message?: Readonly<Record<string, unknown>> | undefined;
      }
    | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  readonly steps: readonly unknown[];
  readonly faults?: readonly unknown[] | undefined;
}
