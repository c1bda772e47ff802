/** Prints what `pnpm bench` measures. Figures are ratios of one run, or bytes; none is a test. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { measureConsume } from "./consume.ts";
import type { CoreSizes } from "./order-core.ts";
import { measureSkim } from "./skim.ts";

const line = (what: string, figure: string, wanted: string): void => {
  process.stdout.write(`${what.padEnd(58)} ${figure.padStart(10)}  (wanted: ${wanted})\n`);
};

const skim = await measureSkim();
line("skim against full decoding", `${skim.ratio.toFixed(1)}x`, "at least 12x");
process.stdout.write(`  ${skim.second.toFixed(3)} and ${skim.first.toFixed(2)} µs a record, ${skim.pairs} pairs\n`);

// With a young generation that does not grow, the resident set tells what is kept and not what was thrown away.
const flags = ["--expose-gc", "--max-semi-space-size=4"];
const program = fileURLToPath(new URL("programs/order-core.ts", import.meta.url));
const core = JSON.parse(execFileSync(process.execPath, [...flags, program], { encoding: "utf8" })) as CoreSizes;
line(`order core, a live turn of 64 events, ${core.turns} turns`, `${Math.ceil(core.bytesATurn)} B`, "at most 640 B");
process.stdout.write(`  ${Math.ceil(core.heapATurn)} B of heap and buffers with the turns' names and the run's logs\n`);
line(`RSS from ${core.shortRun} to ${core.longRun} turns`, `${core.rssGrowth.toFixed(1)} MiB`, "flat");
line("barrier rounds from a completion to its verdict", `${core.rounds}`, "at most 2");

const consume = await measureConsume();
line(`verified against a null eachBatch, ${consume.records} records`, `${consume.ratio.toFixed(2)}x`, "at least 0.8x");
process.stdout.write(
  `  ${consume.second.toFixed(2)} and ${consume.first.toFixed(2)} µs a record, ${consume.pairs} pairs\n`,
);
