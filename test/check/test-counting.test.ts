// `npm test` believes nothing but a test that ran and passed. Each case is a real run of vitest over a small suite.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runTests } from '../../tools/check/tests.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'oncepost-counting-'));
  mkdirSync(join(folder, 'suite'));
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function counted(files: Readonly<Record<string, string>>) {
  for (const [name, body] of Object.entries(files)) {
    writeFileSync(join(folder, 'suite', name), `import { beforeAll, expect, test } from 'vitest';\n${body}\n`);
  }
  return runTests(folder, [], 'ignore');
}

const passes = "test('holds', () => expect(1).toBe(1));";

describe('a run of the tests is counted', () => {
  test('one for each test that passed', async () => {
    expect(await counted({ 'a.test.ts': `${passes}\n${passes}`, 'b.test.ts': passes })).toEqual({
      passed: 3,
      failed: 0,
    });
  });

  test('a test that failed has failed', async () => {
    expect(await counted({ 'a.test.ts': `${passes}\ntest('does not', () => expect(1).toBe(2));` })).toEqual({
      passed: 1,
      failed: 1,
    });
  });

  test('a test that was skipped or only planned has failed', async () => {
    const [leftOut, planned] = [`test.${'skip'}('later', () => {});`, "test('some day');"];
    expect(await counted({ 'a.test.ts': `${passes}\n${leftOut}\n${planned}` })).toEqual({ passed: 1, failed: 2 });
  });

  test('a run in which one test wants to run alone has failed', async () => {
    const { failed } = await counted({ 'a.test.ts': `${passes}\ntest.only('alone', () => {});` });
    expect(failed).toBeGreaterThan(0);
  });

  test('tests whose preparation failed have failed', async () => {
    const breaks = "beforeAll(() => { throw new TypeError('no server'); });";
    expect(await counted({ 'a.test.ts': passes, 'b.test.ts': `${breaks}\n${passes}\n${passes}` })).toEqual({
      passed: 1,
      failed: 2,
    });
  });

  test('a file that cannot be loaded is one failure', async () => {
    expect(await counted({ 'a.test.ts': passes, 'b.test.ts': "import './nowhere.ts';" })).toEqual({
      passed: 1,
      failed: 1,
    });
  });

  test('an error that nobody caught is one failure, although every test passed', async () => {
    const leak = "test('leaks', () => void Promise.reject(new TypeError('nobody waits for this')));";
    expect(await counted({ 'a.test.ts': `${passes}\n${leak}` })).toEqual({ passed: 2, failed: 1 });
  });

  test('a run without a test is a failure', async () => {
    expect(await counted({})).toEqual({ passed: 0, failed: 1 });
  });
});
