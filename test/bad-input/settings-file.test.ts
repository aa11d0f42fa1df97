// A worker, a server, or everything at once, with a bad temporal.yaml: it refuses to start and names the line.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../harness/stage.ts';
import { exitCodeUnderSupervisor, refusalOf, type Variables } from './refused-start.ts';

const SHIPPED = readFileSync(new URL('../../temporal.yaml', import.meta.url), 'utf8');
const DURATION = 'written as a whole number and a unit (ms, s, m, h or d)';

/** Mistakes, each a line of the shipped file and what stands in its place; the first is the one that is told. */
const MISTAKES: readonly (readonly [name: string, edits: readonly (readonly [string, string])[], says: string])[] = [
  [
    'an unknown key',
    [['  heartbeat: 5s', '  heartbeet: 5s']],
    'timeouts.heartbeet is not a setting; allowed: the keys attempt, heartbeat, lease, send_window, answer, media_processing, busy_account, account_wait',
  ],
  [
    'a number without a unit',
    [['  answer: 60s', '  answer: 60']],
    `timeouts.answer is 60; allowed: a duration from 100ms to 10m, ${DURATION}`,
  ],
  [
    'an impossible pair',
    [['  lease: 15s', '  lease: 4s']],
    'timeouts.lease is 4s, but timeouts.heartbeat is 5s; allowed: 5s or more, because an account must stay held until its worker is known to be dead',
  ],
  [
    'a horizon for a platform there is not',
    [['    instagram: 2m', '    instagrm: 2m']],
    'reconcile.visibility_horizon.instagrm names no platform; allowed: the keys default, bluesky, ghost, instagram, mcp, wordpress, x',
  ],
  [
    'a key that stands twice',
    [['  lease: 15s', '  heartbeat: 15s']],
    'the key heartbeat stands here for the second time in its section; allowed: once',
  ],
  ['a tab', [['  lease: 15s', '\tlease: 15s']], 'this is not valid YAML (Tabs are not allowed as indentation)'],
  [
    'several mistakes at once',
    [
      ['  request_body: 1048576', '  request_body: 12'],
      ['  every: 1m', '  every: never'],
      ['  retention: 30d', '  retention: 1h'],
    ],
    `namespace.retention is "1h"; allowed: a duration from 1d to 3650d, ${DURATION}`,
  ],
];

describe('a start is refused on a temporal.yaml', () => {
  let stage: Stage;
  let file: string;
  let env: Variables;
  beforeAll(async () => {
    stage = await openStage();
    file = join(stage.folder, 'temporal-of-the-test.yaml');
    env = { ...stage.env, ONCEPOST_SETTINGS: file, ONCEPOST_DATA: join(stage.folder, 'data') };
  });
  afterAll(() => stage.close());

  const refusedAt = (line: number, reason: string) =>
    `${file}, line ${line}: ${reason}; nothing was started; correct it, then start again.`;

  it.each(MISTAKES)('with %s', async (_name, edits, says) => {
    let content = SHIPPED;
    for (const [line, replacement] of edits) {
      expect(content).toContain(line);
      content = content.replace(line, () => replacement);
    }
    writeFileSync(file, content);
    const lastEdit = edits.at(-1)?.[1] ?? '';
    const line = content.split('\n').findIndex((text) => text.startsWith(lastEdit)) + 1;
    expect(await refusalOf('worker', env)).toBe(refusedAt(line, says));
  });

  it('by a server and by everything at once too, before anything is made', async () => {
    writeFileSync(file, 'version: 2\n');
    const says = refusedAt(1, 'version is 2; allowed: the number 1');
    expect(await refusalOf('server', env)).toBe(says);
    expect(await refusalOf('start', env)).toBe(says);
    expect(existsSync(join(stage.folder, 'data'))).toBe(false);
  });

  it('that is not there, or no UTF-8, or a folder', async () => {
    rmSync(file, { force: true });
    expect(await refusalOf('worker', env)).toBe(
      `${file}: the settings cannot be read (ENOENT: no such file or directory, open '${file}'); nothing was started; correct it, then start again.`,
    );
    writeFileSync(file, Uint8Array.of(0x76, 0xff, 0xfe));
    expect(await refusalOf('worker', env)).toContain(`${file}: the settings cannot be read (`);
    expect(await refusalOf('worker', { ...env, ONCEPOST_SETTINGS: stage.folder })).toContain(
      'the settings cannot be read (EISDIR',
    );
  });

  it('and a supervisor is told not to start it again', async () => {
    writeFileSync(file, 'version: 2\n');
    expect(await exitCodeUnderSupervisor('worker', env)).toBe(78);
  });
});
