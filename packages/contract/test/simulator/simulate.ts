import type { Monitor, Observation, TopicOffsets } from "@ondash/contract";
import { createRandom, type Random } from "@ondash/core";
import { chatSchemas } from "@ondash/schemas";
import { type BarrierRounds, createBarrierRounds } from "./barrier-rounds.ts";
import { type Broker, createBroker, type Entry, type Partition } from "./broker.ts";
import { createLane, type Lane } from "./lane.ts";
import { createLegalScripts, type LegalScripts } from "./legal-script.ts";
import type { Profile, Setting } from "./profile.ts";
import type { Script } from "./step.ts";
import type { Published, TemplatePool } from "./template.ts";

/** What of a monitor the simulated collector goes by: it asks for a barrier when the monitor wants one. */
export type Driver = Pick<Monitor, "wantsBarrier" | "undecided">;

/** What is to be simulated. */
export interface SimulationOptions {
  readonly published: Published;
  /** Legal turns; a dual-published one counts once. The profile may set a lower limit. */
  readonly turns: number;
  /** Legal turns to draw from. */
  readonly pool: TemplatePool;
  readonly driver: Driver;
  /** Sent among the legal turns, at random moments. */
  readonly mutants?: readonly Script[];
  /** Changes of what the profile draws. */
  readonly setting?: Partial<Setting>;
  /** Changes the start and end offsets that the collector speaks of. */
  readonly tamper?: {
    readonly start?: (start: TopicOffsets) => TopicOffsets;
    readonly end?: (end: TopicOffsets) => TopicOffsets;
  };
}

/** What happened, complete once all observations were taken. */
export interface Facts {
  readonly turns: number;
  /** Records that were read, each once. */
  readonly events: number;
  readonly redeliveries: number;
  readonly skips: number;
  readonly barriers: number;
  /** Moments at which the monitor said that nothing is undecided while an event that an observed end vouches for was unread. */
  readonly premature: number;
  /** Turns undecided when all was read and every barrier granted. */
  readonly stuck: number;
}

/**
 * A run. Its observations are to be taken one by one, each given to the monitor that drives it before the next; and once
 * only: what happens follows from what the monitor wants.
 */
export interface Simulation extends Iterable<Observation> {
  readonly facts: Facts;
  readonly setting: Setting;
}

/** Entries that may wait to be read before producers wait for the collector, and in one topic before it is read after all. */
const BACKLOG = 400;
const LAG = 150;

/**
 * Simulates producers, a broker and a collector: the five topics of each version, turns sent at the same time, reads
 * that lag behind, rewinds, redeliveries, transactions, restarts, barriers that are asked for as the monitor wants them
 * and answered later, with the high watermarks of then.
 * @param seed the same one gives the same run with the same monitor.
 */
export function simulate(profile: Profile, seed: number, options: SimulationOptions): Simulation {
  const random = createRandom(seed);
  const setting = { ...profile.draw(random.fork("setting")), ...options.setting };
  const facts = { turns: 0, events: 0, redeliveries: 0, skips: 0, barriers: 0, premature: 0, stuck: 0 };
  return {
    facts,
    setting,
    *[Symbol.iterator]() {
      const run = new Run(random, setting, options, facts);
      yield* run.observations();
    },
  };
}

class Run {
  private readonly broker: Broker;
  private readonly rounds: BarrierRounds;
  private readonly lanes: Lane[] = [];
  /** Entries that could not be read, and will be. */
  private readonly unfilled: { readonly partition: Partition; readonly entry: number }[] = [];
  private readonly atEnd: NonNullable<Script["atEnd"]>[] = [];
  private readonly mutants: Script[];
  private readonly legal: (most: number) => LegalScripts;
  /** Producers that are at work, or of which not all was read. */
  private readonly watched = new Set<Lane>();
  private out: Observation[] = [];
  private askAgain = false;
  private left: number;
  private readonly random: Random;
  private readonly setting: Setting;
  private readonly options: SimulationOptions;
  private readonly facts: { -readonly [K in keyof Facts]: Facts[K] };

  constructor(random: Random, setting: Setting, options: SimulationOptions, facts: Run["facts"]) {
    this.random = random;
    this.setting = setting;
    this.options = options;
    this.facts = facts;
    const schemas = chatSchemas.filter(({ name }) => options.published === "both" || options.published === name);
    this.broker = createBroker(schemas, setting.partitions, random.int(0, 3));
    this.rounds = createBarrierRounds(this.broker, random);
    this.mutants = [...(options.mutants ?? [])];
    this.left = Math.min(options.turns, setting.turns ?? Number.POSITIVE_INFINITY);
    this.legal = createLegalScripts(options.pool, setting, random);
  }

  *observations(): Generator<Observation> {
    const { broker, options, setting, facts } = this;
    const { driver, tamper } = options;
    const start = tamper?.start?.(broker.start) ?? broker.start;
    yield { kind: "start", partitions: setting.partitions, start };
    while (!this.isOver()) {
      if (this.askAgain || (driver.wantsBarrier && (this.rounds.pending === 0 || this.random.unit() < 0.1))) {
        this.askAgain = false;
        yield this.rounds.ask();
      }
      this.step();
      if (this.out.length === 0) continue;
      const { out } = this;
      this.out = [];
      yield* out;
      if (driver.undecided === 0) this.checkDecisions();
    }
    facts.barriers = this.rounds.granted;
    facts.stuck = driver.undecided;
    const endOf = (topic: string, partition: number): number => broker.at(topic, partition).end;
    for (const observe of this.atEnd) yield* observe(endOf);
    const ends = this.endOfRun();
    yield { kind: "end", ends: tamper?.end?.(ends) ?? ends, producersDone: true };
  }

  private isOver(): boolean {
    const { driver } = this.options;
    if (this.left > 0 || this.mutants.length > 0 || this.lanes.length > 0) return false;
    if (driver.wantsBarrier || this.rounds.pending > 0 || this.askAgain || this.unfilled.length > 0) return false;
    // At rest a chat.v1 turn is decided, and may go on: it has ended once the last end that was sent is read.
    if (this.setting.eager && driver.undecided === 0 && [...this.watched].every((lane) => lane.endWasRead)) return true;
    return this.broker.backlog === 0 && (this.setting.gap === 0 || this.broker.unread.length === 0);
  }

  /** One thing happens: an append, reads, a barrier's progress, a mishap. */
  private step(): void {
    const { random, setting, lanes, broker } = this;
    while (lanes.length < setting.live && this.left + this.mutants.length > 0) this.open();
    const [chance, mishap] = [random.unit(), random.unit()];
    if (mishap < setting.restart) this.restart();
    else if (mishap < setting.restart + setting.rewind) this.rewind();
    if (this.unfilled.length > 0 && random.unit() < 0.05) this.fill();
    if (this.rounds.pending > 0 && random.unit() < 0.3) {
      const observation = this.rounds.proceed();
      if (observation !== undefined) {
        this.out.push(observation);
        if (observation.kind === "barrier") for (const lane of lanes) lane.granted(observation.id);
      }
    }
    // Producers slow down, but go on: a transaction that is open keeps the collector waiting.
    const pace = broker.backlog < BACKLOG ? 0.5 : 0.1;
    if (lanes.length > 0 && (chance < pace || broker.unread.length === 0)) this.send();
    else this.read();
  }

  /** A producer begins a turn. */
  private open(): void {
    const { random, mutants } = this;
    if (random.int(1, this.left + mutants.length) > this.left) {
      const [mutant] = mutants.splice(random.int(0, mutants.length - 1), 1);
      if (mutant !== undefined) this.begin(mutant);
      return;
    }
    const { turns, scripts } = this.legal(this.left);
    this.left -= turns;
    this.facts.turns += turns;
    for (const script of scripts) this.begin(script);
  }

  private begin(script: Script): void {
    const { broker, random, setting } = this;
    const observe = (observation: Observation): void => void this.out.push(observation);
    const lane = createLane(script, { broker, random, setting, observe, rounds: this.rounds });
    this.lanes.push(lane);
    this.watched.add(lane);
    if (script.atEnd !== undefined) this.atEnd.push(script.atEnd);
  }

  private send(): void {
    const index = this.random.int(0, this.lanes.length - 1);
    const lane = this.lanes[index];
    if (lane === undefined || lane.advance()) return;
    if (lane.isOver) this.watched.delete(lane);
    const last = this.lanes.pop();
    if (last !== undefined && last !== lane) this.lanes[index] = last;
  }

  private read(): void {
    const { broker, random, setting } = this;
    const partition = broker.unread[random.int(0, Math.max(0, broker.unread.length - 1))];
    if (partition === undefined) return;
    const { kinds, probability } = setting.lag;
    const waiting = partition.dropped + partition.entries.length - partition.read;
    const producing = this.lanes.length > 0 && waiting < LAG;
    // The last few are passed over as well, so that the others get ahead; but not for ever.
    if (kinds.includes(partition.kind) && (producing || broker.unread.length > 1) && random.unit() < probability)
      return;
    for (let count = random.int(1, setting.batch); count > 0; count--) {
      const entry = broker.next(partition);
      if (entry === undefined) return;
      this.deliver(partition, entry);
      if (random.unit() < setting.redeliver) this.redeliver(partition);
    }
  }

  private deliver(partition: Partition, entry: Entry): void {
    const first = partition.read === partition.highest;
    const at = partition.read;
    this.broker.advance(partition);
    if (first && entry.record !== undefined && this.random.unit() < this.setting.gap) {
      const { topic, partition: number } = partition;
      this.out.push({ kind: "gap", topic, partition: number, from: entry.from, to: entry.to });
      this.unfilled.push({ partition, entry: at });
    } else this.observe(partition, entry);
    if (!first || entry.record === undefined || entry.transaction?.state === "aborted") return;
    this.facts.events++;
    const lane = entry.owner as Lane | undefined;
    lane?.wasRead(entry.record);
    if (lane?.isOver === true) this.watched.delete(lane);
  }

  private observe({ topic, partition }: Partition, { record, from, to, why, transaction }: Entry): void {
    if (record !== undefined && transaction?.state !== "aborted") {
      this.out.push(record);
      return;
    }
    if (why === "silent") return;
    this.facts.skips++;
    if (why === "gap") this.out.push({ kind: "gap", topic, partition, from, to });
    else this.out.push({ kind: "skip", topic, partition, from, to, why: record === undefined ? "control" : "aborted" });
  }

  /** What was just read, or something shortly before it, comes once more. */
  private redeliver(partition: Partition): void {
    const back = this.random.unit() < 0.5 ? 1 : this.random.int(1, 20);
    const entry = partition.entries[partition.read - partition.dropped - back];
    if (entry?.record === undefined || entry.transaction?.state === "aborted") return;
    this.facts.redeliveries++;
    this.out.push(entry.record);
  }

  /** The collector goes back to what it could not read, the oldest first: a live monitor does not wait for ever. */
  private fill(): void {
    const gap = this.unfilled.shift();
    if (gap === undefined) return;
    const { partition, entry } = gap;
    if (entry < partition.read) this.broker.rewind(partition, partition.read - entry);
  }

  private rewind(): void {
    const { partitions } = this.broker;
    const partition = partitions[this.random.int(0, partitions.length - 1)];
    if (partition !== undefined) this.goBack(partition);
  }

  private goBack(partition: Partition): void {
    const from = partition.read;
    this.broker.rewind(partition, this.random.int(1, this.setting.rewindBy));
    this.facts.redeliveries += from - partition.read;
  }

  /** Leaders change; the collector starts again, and what it had asked for is never answered. */
  private restart(): void {
    for (const partition of this.broker.partitions) {
      partition.epoch++;
      this.goBack(partition);
    }
    if (this.rounds.pending === 0) return;
    this.rounds.lose();
    this.askAgain = true;
  }

  /** The monitor says that nothing is undecided: then all that an observed end vouches for must have been read. */
  private checkDecisions(): void {
    for (const lane of this.watched) if (lane.misses) this.facts.premature++;
  }

  /** The ends of the run; what an eager collector has not read it does not know of. */
  private endOfRun(): TopicOffsets {
    const { broker } = this;
    const ends = broker.endsOf(Object.keys(broker.start)) as Record<string, number[]>;
    for (const partition of broker.unread) {
      const entry = partition.entries[partition.highest - partition.dropped];
      const offsets = ends[partition.topic];
      if (entry !== undefined && offsets !== undefined) offsets[partition.partition] = entry.from;
    }
    return ends;
  }
}
