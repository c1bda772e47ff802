import { startChat } from "./chat.ts";

/** Set by the build: whether scenarios take the place of the backend. */
declare const MOCKED: boolean;

if (MOCKED) {
  const { worker } = await import("./mocks.ts");
  await worker.start({ onUnhandledFrame: "bypass", quiet: true });
}
startChat(document, { baseUrl: "", conversationId: crypto.randomUUID() });
