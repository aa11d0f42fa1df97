// One suite for everything: real servers and real processes, so few files at a time, long limits and no second tries.
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that run for minutes are among the smallest. Where no run before left its times, vitest begins with the largest,
 * and one of these would be the last and run alone.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const long = ({ moduleId }: TestSpecification) => moduleId.includes('/test/adversity/');
    return [...sorted.filter(long), ...sorted.filter((file) => !long(file))];
  }
}

export default defineConfig({
  test: {
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    globalSetup: ['test/harness/global-setup.ts'],
    testTimeout: 60_000,
    // The first start on a machine may have to build the Temporal server.
    hookTimeout: 600_000,
    teardownTimeout: 60_000,
    retry: 0,
  },
});
