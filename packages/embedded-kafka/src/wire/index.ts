export type { ApiName, RequestInput, RequestOf, ResponseInput, ResponseOf } from "./api-name.ts";
export { apiKey, apiName, isFlexible, validVersions } from "./api-name.ts";
export { ByteReader } from "./byte-reader.ts";
export { ByteWriter } from "./byte-writer.ts";
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
export type { DecodedRequestHeader } from "./header.ts";
export {
  decodeRequestHeader,
  decodeResponseHeader,
  encodeRequestHeader,
  encodeResponseHeader,
  responseHeaderVersion,
} from "./header.ts";
export { decodeRequest, decodeResponse, encodeRequest, encodeResponse } from "./message-codec.ts";
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
