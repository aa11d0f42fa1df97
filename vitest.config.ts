// One suite for everything: real servers and real processes, so few files at a time, long limits and no second tries.
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Hundreds of publishes at once: each of these files keeps more than one core busy, for a minute or two. */
const BUSY = /\/test\/adversity\/(?:grid-|crash-sweep-|runs-in-temporal)/;
/** Where files are that mostly wait, for a minute or so: for horizons and time-outs, for programs that start and stop. */
const LONG = /\/test\/(?:adversity|bad-input|release|start|workflow)\//;

/**
 * Where no run before left its times, vitest begins with the largest files, and some of the smallest take longest: the last
 * of them would run alone. So they come first, and beside each that keeps the machine busy one that mostly waits.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const busy = sorted.filter(({ moduleId }) => BUSY.test(moduleId));
    const long = sorted.filter(({ moduleId }) => LONG.test(moduleId) && !BUSY.test(moduleId));
    const others = sorted.filter(({ moduleId }) => !LONG.test(moduleId));
    const mixed = busy.flatMap((file) => [file, ...long.splice(0, 1)]);
    return [...mixed, ...long, ...others];
  }
}

const COMMON = {
  environment: 'node',
  pool: 'forks',
  // Far above what `until` allows, so that a test ends with what it waited for; how busy a machine is decides nothing.
  testTimeout: 180_000,
  // The first start on a machine may have to build the Temporal server.
  hookTimeout: 600_000,
  teardownTimeout: 60_000,
  retry: 0,
} as const;
const ALL = 'test/**/*.test.ts';
/** Real servers for tests are installed below `test`, with tests of their own. */
const OTHERS = '**/node_modules/**';
const LONG_FILES = 'test/{adversity,bad-input,release,start,workflow}/**/*.test.ts';

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // The servers of all tests: started once, here, and not by each of the two below.
    globalSetup: ['test/harness/global-setup.ts'],
    teardownTimeout: 60_000,
    projects: [
      // With a third, three of the busiest could meet on two cores.
      {
        test: {
          ...COMMON,
          name: 'long',
          include: [LONG_FILES],
          exclude: [OTHERS],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...COMMON,
          name: 'rest',
          include: [ALL],
          exclude: [OTHERS, LONG_FILES],
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
