// One suite for everything: real servers and real processes, so few files at a time, long limits and no second tries.
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Hundreds of publishes at once: each of these files keeps more than one core busy, for a minute or two. */
const BUSY = /\/test\/adversity\/(?:grid-|crash-sweep-|runs-in-temporal)/;
/** Where files are that mostly wait, for a minute or so: for horizons and time-outs, for programs that start and stop. */
const LONG = /\/test\/(?:adversity|bad-input|release|start|workflow)\//;

/**
 * Where no run before left its times, vitest begins with the largest files, and some of the smallest take longest: the last
 * of them would run alone. So they come first, and beside each that keeps the machine busy two that mostly wait.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const busy = sorted.filter(({ moduleId }) => BUSY.test(moduleId));
    const long = sorted.filter(({ moduleId }) => LONG.test(moduleId) && !BUSY.test(moduleId));
    const others = sorted.filter(({ moduleId }) => !LONG.test(moduleId));
    const mixed = busy.flatMap((file) => [file, ...long.splice(0, 2)]);
    return [...mixed, ...long, ...others];
  }
}

export default defineConfig({
  test: {
    environment: 'node',
    pool: 'forks',
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    globalSetup: ['test/harness/global-setup.ts'],
    // Far above what `until` allows, so that a test ends with what it waited for; how busy a machine is decides nothing.
    testTimeout: 180_000,
    // The first start on a machine may have to build the Temporal server.
    hookTimeout: 600_000,
    teardownTimeout: 60_000,
    retry: 0,
  },
});
