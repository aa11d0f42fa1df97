// The tests, run by vitest; what it writes for people is shown, what it writes for programs is counted.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Counts, countReport, failed, reportSchema } from './counts.ts';
import { runProgram } from './run-program.ts';

/** Runs all tests, or those `filters` name, and says how they went. */
export async function runTests(
  root: string,
  filters: readonly string[],
  output: 'inherit' | 'ignore' = 'inherit',
): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'oncepost-check-'));
  try {
    const report = join(folder, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const vitest = join(root, 'node_modules/.bin/vitest');
    const ok = await runProgram(vitest, ['run', ...reporters, ...filters], root, output);
    return countReport(reportSchema.parse(JSON.parse(readFileSync(report, 'utf8'))), ok);
  } catch (error) {
    console.error(`The test run left no report: ${error instanceof Error ? error.message : String(error)}`);
    return failed;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
