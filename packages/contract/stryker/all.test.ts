/**
 * The package's tests as one file: a mutant then costs one worker and one import of the package, not one for each file.
 */
import.meta.glob(
  [
    "../{src,test}/**/*.test.ts",
    "!../test/purity.it.test.ts",
    "!../test/proof.it.test.ts",
    "!../test/differential.it.test.ts",
    "!../test/hostile.it.test.ts",
  ],
  { eager: true },
);
