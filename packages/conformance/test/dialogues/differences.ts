/** A place in which a backend is known to answer otherwise than the recorded Kafka. */
export interface Difference {
  readonly backend: "embedded" | "container";
  readonly dialogue: string;
  /** The beginning of the line that tells of it, after its version. */
  readonly place: string;
  readonly reason: string;
}

/** Every such place. One that no longer differs is an error, so that the list cannot outlive its reasons. */
export const differences: readonly Difference[] = [
  {
    backend: "embedded",
    dialogue: "describe configs",
    place: "DescribeConfigs: of a broker: /results/0/configs/1/readOnly",
    reason: "no setting of an embedded broker can be changed while it runs, and it says so",
  },
];
