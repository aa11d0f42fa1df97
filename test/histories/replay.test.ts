// Publishes that began under an older build go on under this one: every stored history of every version replays over the
// present workflow, and a workflow that was changed carelessly does not pass.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../src/boot/workflow-bundle.ts';
import { SHAPES } from './shapes.ts';
import { namesOf, storedHistories, storedTexts, storedVersions, THIS_VERSION } from './stored.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const names = [...storedTexts().keys()];

/** Oldest first. Runs of theirs may wait for a person still. */
const RELEASED = ['0.1.0'];

/** Replays every stored history over a bundle; answers the names of those that do not follow it any more. */
async function broken(workflowBundle: { code: string }): Promise<string[]> {
  const failed: string[] = [];
  let index = 0;
  for await (const { error } of Worker.runReplayHistories({ workflowBundle }, storedHistories())) {
    if (error) failed.push(names[index] ?? '');
    index += 1;
  }
  expect(index).toBe(names.length);
  return failed;
}

beforeAll(() => {
  const logging = { filter: 'OFF' };
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging } });
});

it('there is a stored history of every shape, as this version makes it', () => {
  expect(namesOf(THIS_VERSION).toSorted()).toEqual(Object.keys(SHAPES).toSorted());
});

it('the versions before it keep theirs', () => {
  expect(storedVersions().toSorted()).toEqual([...RELEASED, THIS_VERSION]);
  for (const version of RELEASED) expect(namesOf(version).length, version).toBeGreaterThan(0);
});

describe('the workflow as it is', () => {
  let failed: string[];
  beforeAll(async () => {
    failed = await broken(await bundle());
  });

  it.each(names)('follows the stored history %s', (name) => {
    expect(failed).not.toContain(name);
  });
});

describe('a workflow that was changed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'oncepost-changed-'));
  beforeAll(() => {
    for (const sources of ['workflows', 'src/domain'])
      cpSync(join(ROOT, sources), join(folder, sources), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function brokenBy(file: string, before: string, after: string): Promise<string[]> {
    const path = join(folder, 'workflows', file);
    const source = readFileSync(path, 'utf8');
    expect(source).toContain(before);
    writeFileSync(path, source.replace(before, after));
    try {
      return await broken(await bundle(join(folder, 'workflows/index.ts')));
    } finally {
      writeFileSync(path, source);
    }
  }

  it('in nothing but its place still follows them all', async () => {
    expect(await brokenBy('index.ts', '// The', '// These are the')).toEqual([]);
  });

  it.each([
    [
      'sleeps before it publishes',
      'publish.ts',
      'show({ running: true });',
      "show({ running: true }); await condition(() => false, '1s');",
      'happy',
    ],
    [
      'publishes twice',
      'publish.ts',
      'show({ running: false, result });',
      'await publishOnce(scheduleId);',
      'happy-scheduled',
    ],
    ['no longer indexes what waits', 'waiting.ts', 'indexState(result);', '', 'failed-waiting'],
    [
      'waits for a person with a timer',
      'waiting.ts',
      '() => moved() || grown()',
      "() => moved() || grown(), '1h'",
      'messages-refused',
    ],
    [
      'answers messages by a remote activity',
      'ledger.ts',
      '{ proxyLocalActivities }',
      '{ proxyActivities as proxyLocalActivities }',
      'failed-replayed',
    ],
    ['forgets what it was told', 'mailbox.ts', 'if (verdict.accepted)', 'if (!verdict.accepted)', 'canceled'],
    [
      'waits out no time',
      'waiting.ts',
      'if (leftMs !== null && leftMs <= 0) return true;',
      'if (leftMs !== null) return true;',
      'rate-limited-then-live',
    ],
    ['never continues as new', 'waiting.ts', 'if (grown()) {', 'if (false) {', 'continued-as-new'],
  ])('so that it %s is caught', async (_, file, before, after, name) => {
    expect(await brokenBy(file, before, after)).toEqual(
      expect.arrayContaining([`0.1.0/${name}`, `${THIS_VERSION}/${name}`]),
    );
  });
});
