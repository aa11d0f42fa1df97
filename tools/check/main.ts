// `npm test`: everything this project checks, with its output as it comes, and at the end the one line
// `N passed, N failed`. Whatever did not pass has failed: a skipped test, a test file that cannot be loaded, a
// tool that cannot be had.
import { join } from 'node:path';
import { add, type Counts, failed, none, passed } from './counts.ts';
import { prepare } from './prepare.ts';
import { runProgram } from './run-program.ts';
import { staticChecks } from './static-checks.ts';
import { runTests } from './tests.ts';

const root = join(import.meta.dirname, '../..');

function heading(title: string): void {
  console.log(`\n── ${title} ${'─'.repeat(Math.max(0, 76 - title.length))}`);
}

async function checkEverything(): Promise<Counts> {
  heading('prepare');
  // It mostly waits for registries and one compiler, so the checks that need nothing of it run meanwhile.
  const preparing = prepare();
  const checks = staticChecks(root);
  const early = await runChecks(checks.filter((check) => !NEED_PREPARATION.includes(check)));
  const prepared = await preparing;
  const late = await runChecks(checks.filter((check) => NEED_PREPARATION.includes(check)));
  heading('tests');
  return [early, prepared, late, await runTests(root, process.argv.slice(2))].reduce(add);
}

/** The import rules want to find what the PDS of the Bluesky tests imports. */
const NEED_PREPARATION: readonly string[] = ['check:imports'];

async function runChecks(checks: readonly string[]): Promise<Counts> {
  let counts = none;
  for (const check of checks) {
    heading(check);
    const ok = await runProgram('npm', ['run', '--silent', check], root);
    console.log(ok ? `${check} passed` : `${check} FAILED`);
    counts = add(counts, ok ? passed : failed);
  }
  return counts;
}

const total = await checkEverything();
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
