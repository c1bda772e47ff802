/** What Kafka says with INVALID_REQUEST when it has nothing more to say. */
export const INVALID_REQUEST_MESSAGE =
  "This most likely occurs because of a request being malformed by the client library or the message was sent to an incompatible broker. See the broker logs for more details.";
