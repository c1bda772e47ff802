import type { ReportChoice } from "./report-choice.ts";

/** Of `ondash run`, as commander hands them over. */
export interface RunFlags {
  broker?: string;
  brokers?: string;
  kafkaConfig?: string;
  schema?: "chat.v1" | "chat.v2" | "both";
  speed: number;
  seed?: number;
  set: Record<string, string>;
  report: ReportChoice[];
  record?: string;
  timeout: number;
  salt: boolean;
  createTopics: boolean;
  canary: boolean;
}

/** Of `ondash verify`, as commander hands them over. */
export interface VerifyFlags {
  scenario: string;
  trigger?: string;
  broker?: string;
  brokers?: string;
  kafkaConfig?: string;
  conversationId?: string;
  schema?: "chat.v1" | "chat.v2" | "both";
  set: Record<string, string>;
  report: ReportChoice[];
  record?: string;
  timeout: number;
  createTopics: boolean;
}

/** Of `ondash record`, as commander hands them over. */
export interface RecordFlags {
  out: string;
  brokers?: string;
  kafkaConfig?: string;
  from: "beginning" | "now";
  continue?: string;
  until?: "end" | "turn" | number;
  schema?: "chat.v1" | "chat.v2" | "both";
  conversationId?: string;
  producersDone: boolean;
  asScenario: boolean;
  recording?: string;
  timeout: number;
}

/** Of `ondash replay`, as commander hands them over. */
export interface ReplayFlags {
  brokers?: string;
  kafkaConfig?: string;
  speed: number;
  createTopics: boolean;
  timeout: number;
}

/** Of `ondash compat`, as commander hands them over. */
export interface CompatFlags {
  proto?: string;
  against?: string;
  format: "terminal" | "json" | "github";
  seed?: number;
}

/** Of `ondash broker`, as commander hands them over. */
export interface BrokerFlags {
  nodes: number;
  port?: number;
  partitions?: number;
  autoCreate: boolean;
}
