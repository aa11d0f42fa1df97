// What a killed worker and an unfriendly program leave behind, and how it goes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { endLeftPrograms, ownerMark } from '../../../src/pipeline/runners/command/left-over.ts';
import { until } from '../../harness/until.ts';
import { runs } from './programs.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'oncepost-left-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A worker of its own that runs one stage, and the numbers of it and of the stage's processes. */
async function startWorker() {
  writeFileSync(
    join(home, 'stage.sh'),
    `#!/bin/sh\necho $$ >> "$1"\nsetsid sh -c 'echo $$ >> "$1"; sleep 600' sh "$1"\n`,
    { mode: 0o700 },
  );
  const worker = spawn(
    process.execPath,
    [join(import.meta.dirname, 'one-stage-process.ts'), join(home, 'folders'), home, './stage.sh', './pids'],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const pids = await until('both processes of the stage run', () => {
    const path = join(home, 'pids');
    const found = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').map(Number) : [];
    return found.length === 2 ? found : null;
  });
  return { worker, pids };
}

test('the programs of a killed worker are ended by the next start, and those of a living one go on', async () => {
  const { worker, pids } = await startWorker();
  await endLeftPrograms(join(home, 'folders'), 300);
  expect(pids.filter(runs)).toEqual(pids);
  expect(readdirSync(join(home, 'folders'))).toHaveLength(1);

  worker.kill('SIGKILL');
  await once(worker, 'exit');
  expect(pids.filter(runs)).toEqual(pids);
  await endLeftPrograms(join(home, 'folders'), 300);
  expect(pids.filter(runs)).toEqual([]);
  expect(readdirSync(join(home, 'folders'))).toEqual([]);
});

test('what is no folder of a stage stays, and no folder is none left', async () => {
  mkdirSync(join(home, 'notes'));
  mkdirSync(join(home, `${ownerMark()}-${'0'.repeat(18)}`));
  await endLeftPrograms(home, 0);
  expect(readdirSync(home)).toHaveLength(2);
  await endLeftPrograms(join(home, 'absent'), 0);
});

test('a folder that its owner may not write in goes whole, and what its links lead to stays', async () => {
  chmodSync(home, 0o777);
  const program = spawn(process.execPath, [join(import.meta.dirname, 'locked-folder-process.ts'), home], {
    stdio: 'inherit',
  });
  expect(await once(program, 'exit')).toEqual([0, null]);
  expect(existsSync(join(home, 'stage'))).toBe(false);
  expect(readFileSync(join(home, 'elsewhere', 'kept'), 'utf8')).toBe('kept');
});
