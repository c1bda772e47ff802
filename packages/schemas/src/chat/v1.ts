export type {
  ChartBlock,
  ContentBlock,
  Message,
  MessageError,
  MessageMetadata,
  TaskInfo,
  TextBlock,
} from "../gen/chat/v1/chat_pb.ts";
export {
  ChartBlockSchema,
  ContentBlockSchema,
  file_chat_v1_chat,
  MessageErrorSchema,
  MessageMetadataSchema,
  MessageSchema,
  TaskInfoSchema,
  TextBlockSchema,
} from "../gen/chat/v1/chat_pb.ts";
export type {
  ChartEvent,
  CompletionEvent,
  ErrorEvent,
  EventEnvelope,
  StatusEvent,
  TextEvent,
} from "../gen/chat/v1/events_pb.ts";
export {
  ChartEventSchema,
  CompletionEventSchema,
  CompletionType,
  CompletionTypeSchema,
  ErrorEventSchema,
  ErrorSeverity,
  ErrorSeveritySchema,
  EventEnvelopeSchema,
  file_chat_v1_events,
  StatusEventSchema,
  TextEventSchema,
  TextPosition,
  TextPositionSchema,
} from "../gen/chat/v1/events_pb.ts";
