import { describeEndLaws } from "./laws/end-laws.ts";
import { describeStreamLaws } from "./laws/stream-laws.ts";
import type { Connect } from "./support/chat.ts";

const inProcess: Connect = async (app) => ({
  fetch: async (path, init) => app.fetch(new Request(`http://chat.test${path}`, init)),
  buffers: 0,
  lossy: false,
  [Symbol.asyncDispose]: async () => undefined,
});

describeStreamLaws("in the process", inProcess);
describeEndLaws("in the process", inProcess);
