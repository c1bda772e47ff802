export type { PythonConsumerOptions, PythonConsumerResult } from "./python-consumer.ts";
export { consumeWithPython, generatePythonCode, protoDirectory } from "./python-consumer.ts";
export type { ProgramResult, PythonEnvironment, RunOptions } from "./python-environment.ts";
export { pythonEnvironment, run } from "./python-environment.ts";
export type { PythonProducer, PythonProducerOptions, PythonProducerResult } from "./python-producer.ts";
export { produceWithPython, pythonProducer } from "./python-producer.ts";
