// An upload to a disk that is full: told in one sentence, and nothing of it is left.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { onSmallDisk } from '../local/support/small-disk.ts';

/** Receives 256 KiB in parts and tells what came of it. */
const script = (folder: string) => `
  import { readdirSync } from 'node:fs';
  import { receive } from ${JSON.stringify(new URL('../../src/mediastore/receive.ts', import.meta.url).href)};
  async function* parts() { for (let at = 0; at < 16; at += 1) yield new Uint8Array(16 * 1024); }
  const folder = ${JSON.stringify(folder)};
  const { problem, message } = await receive(folder, parts(), 1024 ** 3).catch((error) => error);
  console.log(JSON.stringify({ problem, message, left: readdirSync(folder) }));
`;

it('is refused when the disk is full, and what had arrived is gone again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'oncepost-full-'));
  const [program = '', ...args] = onSmallDisk(folder, 64);
  const node = [process.execPath, '--input-type=module', '--eval', script(folder)];
  const { stdout } = await promisify(execFile)(program, [...args, ...node]);
  expect(JSON.parse(stdout)).toEqual({
    problem: 'no_space',
    message:
      'The disk of the media store is full, so nothing was stored; what was stored before is safe; make room, then send it again.',
    left: [],
  });
  await rm(folder, { recursive: true });
});
