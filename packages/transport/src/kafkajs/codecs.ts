import type { CompressionCodecs as Codecs } from "kafkajs";
import { TransportError } from "../error.ts";
import type { KafkajsModule } from "./client.ts";

/** What kafkajs expects of a codec; its types do not say. */
interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

/**
 * Teaches kafkajs the codecs that it leaves to its users. Our own producer does not compress, but the producers whose
 * records are collected do as they like. Codecs that somebody has registered before stay.
 */
export function registerCodecs({ CompressionCodecs, CompressionTypes }: KafkajsModule): void {
  for (const [name, type] of [
    ["snappy", CompressionTypes.Snappy],
    ["lz4", CompressionTypes.LZ4],
    ["zstd", CompressionTypes.ZSTD],
  ] as const) {
    if (isMissing(CompressionCodecs, type)) CompressionCodecs[type] = () => codec(name);
  }
}

function codec(name: "snappy" | "lz4" | "zstd"): Codec {
  return {
    async compress() {
      throw new TransportError("argument", `records are not compressed here (${name} was asked for)`);
    },
    async decompress(buffer) {
      // Loaded only for records that need it.
      const { decompress } = await import("@ondash/embedded-kafka/wire");
      return Buffer.from(decompress(name, buffer));
    },
  };
}

/** kafkajs' stand-in for a codec that it has not throws when it is created. */
function isMissing(codecs: typeof Codecs, type: keyof typeof Codecs): boolean {
  try {
    (codecs[type] as () => unknown)();
    return false;
  } catch {
    return true;
  }
}
