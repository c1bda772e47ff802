/**
 * The package's tests as one file: a mutant then costs one worker and one import of the package, not one for each file.
 */
import.meta.glob(
  [
    "../{src,test}/**/*.test.ts",
    // What takes processes or minutes, what the others cover too, and what puts other modules in the place of its own.
    "!../src/broken-monitor.test.ts",
    "!../test/{purity,proof,operators-proof,differential,simulated-judges,hostile}.it.test.ts",
  ],
  { eager: true },
);
