// `npm test`: everything this project checks, one after another with its output as it comes, and at the end the one
// line `N passed, N failed`. Whatever did not pass has failed: a skipped test, a test file that cannot be loaded, a
// tool that cannot be had.
import { join } from 'node:path';
import { add, type Counts, failed, passed } from './counts.ts';
import { prepare } from './prepare.ts';
import { runProgram } from './run-program.ts';
import { staticChecks } from './static-checks.ts';
import { runTests } from './tests.ts';

const root = join(import.meta.dirname, '../..');

function heading(title: string): void {
  console.log(`\n── ${title} ${'─'.repeat(Math.max(0, 76 - title.length))}`);
}

async function checkEverything(): Promise<Counts> {
  // First what the checks need: the import rules want to find what the PDS of the Bluesky tests imports.
  heading('prepare');
  let counts = await prepare();
  for (const check of staticChecks(root)) {
    heading(check);
    const ok = await runProgram('npm', ['run', '--silent', check], root);
    console.log(ok ? `${check} passed` : `${check} FAILED`);
    counts = add(counts, ok ? passed : failed);
  }
  heading('tests');
  return add(counts, await runTests(root, process.argv.slice(2)));
}

const total = await checkEverything();
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
