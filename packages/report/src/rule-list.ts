/**
 * Rule ids in their shortest readable form, in the order given: `REC-01..03, 05  ORD-04`. Ids of one family that follow
 * each other are joined; three or more in a row become a range.
 */
export function abbreviateRules(ids: readonly string[]): string[] {
  const families = new Map<string, number[]>();
  for (const id of ids) {
    const cut = id.lastIndexOf("-");
    const family = id.slice(0, cut);
    const numbers = families.get(family);
    if (numbers === undefined) families.set(family, [Number(id.slice(cut + 1))]);
    else numbers.push(Number(id.slice(cut + 1)));
  }
  return [...families].map(([family, numbers]) => `${family}-${ranges(numbers.sort((a, b) => a - b)).join(", ")}`);
}

function ranges(numbers: readonly number[]): string[] {
  const parts: string[] = [];
  for (let from = 0; from < numbers.length; ) {
    let to = from;
    while (numbers[to + 1] === (numbers[to] ?? 0) + 1) to++;
    const [first, last] = [twoDigits(numbers[from]), twoDigits(numbers[to])];
    if (to - from >= 2) parts.push(`${first}..${last}`);
    else parts.push(...numbers.slice(from, to + 1).map(twoDigits));
    from = to + 1;
  }
  return parts;
}

function twoDigits(number: number | undefined): string {
  return String(number ?? 0).padStart(2, "0");
}
