/**
 * Prints what `@ondash/http/client` adds to a page: `node packages/http/scripts/bundle-size.ts`. Exit code 1 above the
 * limit.
 */
import { bundleClient, LIMIT_BYTES } from "./client-bundle.ts";

const SHOWN = 12;

const { bytes, gzipBytes, packages, files } = await bundleClient();
const line = (name: string, size: number): string => `  ${size.toString().padStart(7)}  ${name}\n`;
process.stdout.write(
  `@ondash/http/client: ${gzipBytes} bytes of gzip (limit ${LIMIT_BYTES}), ${bytes} minified\n` +
    `by package, minified:\n${packages.map(([name, size]) => line(name, size)).join("")}` +
    `largest files, minified:\n${files
      .slice(0, SHOWN)
      .map(([name, size]) => line(name, size))
      .join("")}`,
);
if (gzipBytes > LIMIT_BYTES) {
  process.stderr.write(`${gzipBytes - LIMIT_BYTES} bytes above the limit\n`);
  process.exitCode = 1;
}
