// One run of servers-process.ts: from fork to its ready word, to its end.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WordpressStartError } from './errors.ts';

/** Where a site keeps everything, and where it listens. */
export interface SiteSettings {
  readonly folder: string;
  readonly databasePort: number;
  readonly port: number;
}

/** A running site. */
export interface SiteProcess {
  /** Ends it cleanly, and waits until it has. */
  end(): Promise<void>;
  /** Sends SIGKILL to PHP and the database, and waits until they are gone. */
  kill(): Promise<void>;
}

const LOG_CHARS = 4_000;

/** Starts the database and PHP, and waits until both listen. @throws WordpressStartError when one ends before */
export async function startSiteProcess(settings: SiteSettings): Promise<SiteProcess> {
  const child = fork(join(import.meta.dirname, 'servers-process.ts'), [JSON.stringify(settings)], { stdio: 'inherit' });
  const ready = await Promise.race([once(child, 'message').then(() => true), once(child, 'exit').then(() => false)]);
  if (!ready) throw new WordpressStartError(`WordPress did not start.\n${lastWords(settings.folder)}`);
  return { end: () => tell(child, 'SIGTERM'), kill: () => tell(child, 'SIGKILL') };
}

async function tell(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.send(signal);
  await exited;
}

function lastWords(folder: string): string {
  const log = join(folder, 'server.log');
  return existsSync(log) ? readFileSync(log, 'utf8').slice(-LOG_CHARS) : '';
}
