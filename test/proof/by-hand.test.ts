// The commands of docs/proof.md, run as they stand there, say the same as ours.
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SmallBundle, writeSmallBundle } from './small-bundle.ts';

const run = promisify(execFile);
let bundle: SmallBundle;
let commands: readonly string[];

beforeAll(async () => {
  bundle = await writeSmallBundle();
  const document = await readFile(new URL('../../docs/proof.md', import.meta.url), 'utf8');
  commands = [...document.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
});
afterAll(() => bundle.remove());

async function byHand(change: (folder: string) => Promise<void>, given = bundle): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'oncepost-by-hand-'));
  try {
    await copyFile(bundle.zip, join(folder, 'bundle.zip'));
    await writeFile(join(folder, 'oncepost-proof-keys.json'), given.keys);
    await writeFile(join(folder, 'secret.txt'), given.secret);
    const [unpack = '', ...rest] = commands.join('\n').split('\n');
    await run('bash', ['-euc', unpack], { cwd: folder });
    await change(folder);
    return (await run('bash', ['-euo', 'pipefail', '-c', `${rest.join('\n')}\ntrue`], { cwd: folder })).stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

it('of a bundle nobody touched everything holds', async () => {
  const said = await byHand(async () => {});
  expect(said).toContain('Signature Verified Successfully');
  expect(said).toContain('The key is one of those published');
  for (const name of ['manifest.json', 'manifest.hmac', 'proof.csv', 'proof.pdf', 'records.jsonl']) {
    expect(said).toContain(`${name}: OK`);
  }
  expect(said).toContain('The HMAC fits the secret');
});

it.each(['manifest.ed25519.jws', 'manifest.json', 'manifest.hmac', 'proof.csv', 'proof.pdf', 'records.jsonl'])(
  'a changed byte of %s is seen',
  async (name) => {
    const change = async (folder: string) => {
      const bytes = await readFile(join(folder, name));
      const at = Math.floor(bytes.length / 2);
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      await writeFile(join(folder, name), bytes);
    };
    await expect(byHand(change)).rejects.toMatchObject({ code: expect.any(Number) });
  },
);

it("another's keys and another secret are seen", async () => {
  const other = await writeSmallBundle();
  const unchanged = async () => {};
  expect(await byHand(unchanged, { ...bundle, keys: other.keys })).not.toContain('The key is one of those published');
  expect(await byHand(unchanged, { ...bundle, secret: other.secret })).not.toContain('The HMAC fits the secret');
  await other.remove();
});
