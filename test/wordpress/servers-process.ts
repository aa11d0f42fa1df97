// Keeps one site's MariaDB and PHP server, and ends both whatever becomes of whoever started it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';

const settings = z
  .object({ folder: z.string(), databasePort: z.number(), port: z.number() })
  .parse(JSON.parse(process.argv[2] ?? '{}'));
const { folder, databasePort, port } = settings;
const log = (text: string) => appendFileSync(join(folder, 'server.log'), text);

/** Each leads a group of its own, so that its workers end with it. */
function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): ChildProcess {
  const child = spawn(command, args, { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', log);
  child.once('error', (error) => log(`${command}: ${error.message}\n`));
  return child;
}

const isOver = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined) return;
  const ended = isOver(child) ? null : once(child, 'exit');
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group is gone already.
  }
  await ended;
}

async function listening(child: ChildProcess, onPort: number): Promise<void> {
  for (;;) {
    if (isOver(child)) throw new TypeError(`a server ended before it listened on port ${onPort}`);
    const socket = connect(onPort, '127.0.0.1');
    const there = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (there) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const database = start('/usr/sbin/mariadbd', [
  '--no-defaults',
  `--datadir=${join(folder, 'database')}`,
  `--socket=${join(folder, 'database.sock')}`,
  `--pid-file=${join(folder, 'database.pid')}`,
  `--port=${databasePort}`,
  '--bind-address=127.0.0.1',
  '--skip-name-resolve',
  '--skip-log-bin',
  '--innodb-buffer-pool-size=64M',
  '--innodb-flush-log-at-trx-commit=2',
  ...(process.getuid?.() === 0 ? ['--user=root'] : []),
]);
let site: ChildProcess | null = null;

async function endAll(signal: NodeJS.Signals): Promise<void> {
  if (site) await end(site, signal);
  await end(database, signal);
  process.exit(0);
}
process.once('disconnect', () => void endAll('SIGKILL'));
process.on('message', (signal) => void endAll(signal === 'SIGKILL' ? 'SIGKILL' : 'SIGTERM'));

try {
  await listening(database, databasePort);
  site = start(
    'php',
    [
      '-d',
      'opcache.enable_cli=1',
      '-d',
      'upload_max_filesize=16M',
      '-d',
      'post_max_size=16M',
      '-S',
      `127.0.0.1:${port}`,
    ].concat(['-t', join(folder, 'site'), join(import.meta.dirname, 'site/router.php')]),
    { ...process.env, PHP_CLI_SERVER_WORKERS: '4' },
  );
  await listening(site, port);
  process.send?.({ ready: true });
} catch (error) {
  log(`${error instanceof Error ? error.message : String(error)}\n`);
  await endAll('SIGKILL');
}
