// `npm start` with a PostgreSQL and a Temporal of one's own: it brings neither, and everything else as ever.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { count } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { posts } from '../../src/ledger/schema/schedules.ts';
import { freePort } from '../harness/free-port.ts';
import { oncepost } from '../harness/program.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/oncepost.mjs', import.meta.url));

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

it('uses the servers that DATABASE_URL and TEMPORAL_ADDRESS name', async () => {
  const folder = join(stage.folder, 'data');
  const { ONCEPOST_SECRET_KEY: _, ...named } = stage.env;
  const env = {
    ...named,
    ONCEPOST_DATA: folder,
    ONCEPOST_PORT: String(await freePort()),
    ONCEPOST_SANDBOX_PORT: String(await freePort()),
  };
  const started = spawn(process.execPath, [PROGRAM, 'start'], { env: { ...process.env, ...env } });
  let output = '';
  for (const stream of [started.stdout, started.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await until('everything serves', () => output.includes('Ctrl-C stops everything'), 120_000);
  expect(output).not.toMatch(/Starting PostgreSQL|Temporal UI/);
  expect(await readdir(folder)).not.toContain('postgres');
  const published = await oncepost(['publish', '--account', 'sandbox-x', '--text', 'On servers of our own'], env);
  expect(published).toMatchObject({ code: 0, stdout: expect.stringMatching(/^https:\/\/x\.com\//) });
  const [posted] = await stage.context.ledger.db.select({ rows: count() }).from(posts);
  expect(posted?.rows).toBeGreaterThan(0);
  started.kill('SIGINT');
  expect(await once(started, 'exit')).toEqual([0, null]);
});
