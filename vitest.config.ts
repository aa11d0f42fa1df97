// One suite for everything: real servers and real processes, so few files at a time, long limits and no second tries.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
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
