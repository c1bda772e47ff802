export { ByteReader } from "./byte-reader.ts";
export { ByteWriter } from "./byte-writer.ts";
export type {
  ApiName,
  DecodedRequestHeader,
  RequestInput,
  RequestOf,
  ResponseInput,
  ResponseOf,
} from "./codec.ts";
export {
  apiKey,
  apiName,
  decodeRequest,
  decodeRequestHeader,
  decodeResponse,
  decodeResponseHeader,
  encodeRequest,
  encodeRequestHeader,
  encodeResponse,
  encodeResponseHeader,
  isFlexible,
  responseHeaderVersion,
  validVersions,
} from "./codec.ts";
export type { Compression } from "./compression.ts";
export { compress, compressions, decompress } from "./compression.ts";
export { crc32c } from "./crc32c.ts";
export type { WireErrorCode } from "./error.ts";
export { isWireError, WireError } from "./error.ts";
export { errorName, isRetriable } from "./error-code.ts";
export type { ErrorName } from "./errors.generated.ts";
export { ErrorCode } from "./errors.generated.ts";
export type { FrameDecoder } from "./frame.ts";
export { createFrameDecoder, encodeFrame, MAX_FRAME_BYTES } from "./frame.ts";
export type { RawConnection } from "./raw-connection.ts";
export { connectRaw } from "./raw-connection.ts";
export type { BatchHeader, RecordBatch, RecordBatchInput, WireHeader, WireRecord } from "./record-batch.ts";
export {
  BATCH_HEADER_BYTES,
  BATCH_OVERHEAD_BYTES,
  batchCrc,
  batchOffsets,
  decodeRecordBatch,
  encodeRecordBatch,
  parseBatchHeader,
} from "./record-batch.ts";
