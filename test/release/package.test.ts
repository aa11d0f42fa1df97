// The released package: built, packed, unpacked elsewhere, and used without a line of its TypeScript.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../harness/stage.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

describe('the released package', () => {
  let stage: Stage;
  let folder: string;
  let packed: string;

  beforeAll(async () => {
    stage = await openStage();
    folder = await mkdtemp(join(tmpdir(), 'oncepost-package-'));
    await run('npm', ['run', 'build'], { cwd: ROOT });
    await run('npm', ['pack', '--pack-destination', folder], { cwd: ROOT });
    const [tarball = ''] = await readdir(folder);
    await run('tar', ['-xzf', tarball], { cwd: folder });
    packed = join(folder, 'package');
    await symlink(join(ROOT, 'node_modules'), join(packed, 'node_modules'));
  });
  afterAll(async () => {
    await stage.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('holds the built files, the settings and the Temporal module, and no source', async () => {
    const files = await readdir(packed, { recursive: true });
    expect(files).toEqual(
      expect.arrayContaining(['temporal.yaml', 'bin/oncepost.mjs', 'tools/temporal-server/go.sum']),
    );
    expect(
      files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !file.startsWith('node_modules')),
    ).toEqual([]);
  });

  it('migrates a database and runs a worker that publishes', async () => {
    const env = { ...process.env, ...stage.env };
    const program = join(packed, 'bin/oncepost.mjs');
    await run(process.execPath, [program, 'migrate'], { env });
    const worker = spawn(process.execPath, [program, 'worker'], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    await once(worker, 'message');
    await stage.connectSandboxAccount({ platform: 'x', name: 'sandbox-x' });
    const handle = await stage.startPublish({ account: 'sandbox-x', text: 'From a package' });
    expect(await handle.result()).toMatchObject({ state: 'published' });
    worker.kill('SIGTERM');
    expect(await once(worker, 'exit')).toEqual([0, null]);
  });

  it('exports the client', async () => {
    const script = "import('oncepost/client').then((door) => console.log(Object.keys(door).toSorted().join(' ')))";
    const { stdout } = await run(process.execPath, ['-e', script], { cwd: packed });
    expect(stdout).toBe('OncepostRefused OncepostUnreachable createOncepostClient\n');
  });
});
