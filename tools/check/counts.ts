// How a test run's own report becomes "so many passed, so many failed", with nothing in between.
import { z } from 'zod';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export const none: Counts = { passed: 0, failed: 0 };
export const passed: Counts = { passed: 1, failed: 0 };
export const failed: Counts = { passed: 0, failed: 1 };

export function add(one: Counts, other: Counts): Counts {
  return { passed: one.passed + other.passed, failed: one.failed + other.failed };
}

/** What is read of vitest's JSON report. */
export const reportSchema = z.object({
  success: z.boolean(),
  numTotalTests: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});
export type Report = z.output<typeof reportSchema>;

/**
 * Each test counts once; anything but `passed` (skipped, todo, never reached) has failed. A file that failed without a
 * failed test of its own (it could not be loaded) is one failure more, and so is a run that failed as a whole
 * (an error nobody caught) although all its tests passed.
 */
export function countReport(report: Report, ranToItsEnd: boolean): Counts {
  let counts = none;
  for (const file of report.testResults) {
    const ok = file.assertionResults.filter(({ status }) => status === 'passed').length;
    const notOk = file.assertionResults.length - ok;
    const silent = notOk === 0 && file.status !== 'passed';
    counts = add(counts, { passed: ok, failed: silent ? 1 : notOk });
  }
  const unexplained = counts.failed === 0 && !(ranToItsEnd && report.success && counts.passed > 0);
  return unexplained ? add(counts, failed) : counts;
}
