import { describeStreamLaws } from "./laws/stream-laws.ts";

describeStreamLaws("in the process", async (app) => ({
  fetch: async (path, init) => app.fetch(new Request(`http://chat.test${path}`, init)),
  buffers: 0,
  lossy: false,
  [Symbol.asyncDispose]: async () => undefined,
}));
