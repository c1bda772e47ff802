import type { Plan, PlannedSend } from "@ondash/scenario";

/**
 * For each send of the plan the sends whose outcome it waits for, as indexes into `plan.sends`:
 * its predecessor in the same (topic, partition), so that append order is the plan's, and, by the record contract, all
 * earlier sends of its task or turn when it is a completion (`awaits`).
 *
 * A held send is nobody's predecessor and nobody waits for it: the barrier that it waits for comes only after the
 * turn's end. Held sends keep their order among themselves.
 */
export function dependencies(plan: Plan): readonly (readonly number[])[] {
  const taskIds = new Map(plan.events.map(({ index, taskId }) => [index, taskId]));
  const lastOf = new Map<string, number>();
  const earlier: number[] = [];
  const earlierOfTask = new Map<string, number[]>();
  return plan.sends.map((send, index) => {
    const place = `${send.held ? "held " : ""}${send.record.topic}/${send.record.partition}`;
    const predecessor = lastOf.get(place);
    lastOf.set(place, index);
    const awaited = awaitedBy(send, earlier, earlierOfTask);
    if (!send.held) {
      earlier.push(index);
      const taskId = taskIds.get(send.event) ?? "";
      const ofTask = earlierOfTask.get(taskId);
      if (ofTask === undefined) earlierOfTask.set(taskId, [index]);
      else ofTask.push(index);
    }
    return predecessor === undefined || awaited.includes(predecessor) ? awaited : [predecessor, ...awaited];
  });
}

function awaitedBy(
  { awaits }: PlannedSend,
  earlier: readonly number[],
  earlierOfTask: ReadonlyMap<string, readonly number[]>,
): readonly number[] {
  if (awaits === "nothing") return [];
  return awaits === "turn" ? [...earlier] : [...(earlierOfTask.get(awaits.task) ?? [])];
}
