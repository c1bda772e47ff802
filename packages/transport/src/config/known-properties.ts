/**
 * The properties that make a `KafkaSecurity`, under librdkafka's names
 * (https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md).
 */
export const SECURITY_PROPERTIES = [
  "security.protocol",
  "ssl.ca.location",
  "ssl.ca.pem",
  "ssl.certificate.location",
  "ssl.certificate.pem",
  "ssl.key.location",
  "ssl.key.pem",
  "ssl.key.password",
  "enable.ssl.certificate.verification",
  "ssl.endpoint.identification.algorithm",
  "sasl.mechanism",
  "sasl.mechanisms",
  "sasl.username",
  "sasl.password",
] as const;

/** One of them. */
export type SecurityProperty = (typeof SECURITY_PROPERTIES)[number];

/**
 * Read over: what a file that is shared with a producer or consumer may hold, and what is decided here (addresses come
 * from the command line, the sink is idempotent with acks=all, the collector has no group).
 */
export const IGNORED_PROPERTIES: readonly string[] = [
  "bootstrap.servers",
  "metadata.broker.list",
  "client.id",
  "group.id",
  "group.instance.id",
  "acks",
  "request.required.acks",
  "enable.idempotence",
  "transactional.id",
  "partitioner",
  "compression.type",
  "compression.codec",
  "linger.ms",
  "queue.buffering.max.ms",
  "batch.size",
  "retries",
  "message.send.max.retries",
  "message.max.bytes",
  "message.timeout.ms",
  "delivery.timeout.ms",
  "request.timeout.ms",
  "socket.timeout.ms",
  "socket.keepalive.enable",
  "session.timeout.ms",
  "max.poll.interval.ms",
  "auto.offset.reset",
  "enable.auto.commit",
  "enable.auto.offset.store",
  "isolation.level",
  "allow.auto.create.topics",
  "api.version.request",
  "broker.address.family",
  "client.dns.lookup",
  "reconnect.backoff.ms",
  "reconnect.backoff.max.ms",
  "statistics.interval.ms",
  "log_level",
  "debug",
];

/** Known, not supported, and what to do instead. A name that ends in "." stands for all that begin with it. */
export const UNSUPPORTED_PROPERTIES: Readonly<Record<string, string>> = {
  "ssl.keystore.location": "give certificate and key as PEM: ssl.certificate.location and ssl.key.location",
  "ssl.keystore.password": "give certificate and key as PEM: ssl.certificate.location and ssl.key.location",
  "ssl.truststore.location": "give the CA as PEM: ssl.ca.location",
  "ssl.truststore.password": "give the CA as PEM: ssl.ca.location",
  "ssl.crl.location": "revocation lists are not read here",
  "ssl.cipher.suites": "Node's own cipher suites are used",
  "ssl.curves.list": "Node's own curves are used",
  "ssl.sigalgs.list": "Node's own signature algorithms are used",
  "ssl.ca.certificate.stores": "give the CA as PEM: ssl.ca.location",
  "ssl.providers": "OpenSSL providers can't be chosen here",
  "ssl.engine.": "OpenSSL engines can't be used here",
  "sasl.kerberos.": "supported mechanisms: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512",
  "sasl.oauthbearer.": "supported mechanisms: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512",
  "sasl.jaas.config": "give sasl.username and sasl.password instead",
};
