// The embedded cluster's files: made once, whole or not at all, and never opened by a PostgreSQL of another major version.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { lastLines } from '../../runtime/log-file.ts';
import { readIfThere, readOrCreate, writePrivateFile } from '../../runtime/private-file.ts';
import { diskFull, StartRefused, tellsFullDisk } from '../../runtime/start-refused.ts';
import type { PostgresAccount } from './postgres-account.ts';
import type { PostgresProgram } from './postgres-program.ts';

/** Where the embedded PostgreSQL keeps its things inside the data folder. */
export interface ClusterPaths {
  readonly dataFolder: string;
  readonly cluster: string;
  readonly password: string;
  readonly lockFile: string;
  readonly log: string;
}

export const databaseUser = 'oncepost';

/** The paths under one data folder, which must be absolute and without links in it. */
export function clusterPaths(dataFolder: string): ClusterPaths {
  const cluster = join(dataFolder, 'postgres');
  return {
    dataFolder,
    cluster,
    password: join(dataFolder, 'postgres.password'),
    lockFile: join(cluster, 'postmaster.pid'),
    log: join(dataFolder, 'logs', 'postgres.log'),
  };
}

/** Whether there is a cluster; refuses one of another major version, which these programs cannot open. */
export async function clusterExists(paths: ClusterPaths, major: number): Promise<boolean> {
  const version = await readIfThere(join(paths.cluster, 'PG_VERSION'));
  if (version === undefined) return false;
  const theirs = Number(version.trim());
  if (theirs === major) return true;
  const when = theirs > major ? 'a newer version of Oncepost' : 'an older version of Oncepost';
  throw new StartRefused(
    `The data folder ${paths.dataFolder} was made by ${when} (PostgreSQL ${theirs}, this one brings ${major}); its data is untouched; start that version again, or name another data folder in ONCEPOST_DATA.`,
  );
}

/** The password of our database user, made at random with the cluster. */
export async function clusterPassword(paths: ClusterPaths, exists: boolean): Promise<string> {
  if (!exists) return readOrCreate(paths.password, () => randomBytes(24).toString('base64url'));
  const password = (await readIfThere(paths.password))?.trim();
  if (password) return password;
  throw new StartRefused(
    `The file ${paths.password} is missing, so the database next to it cannot be opened; its data is untouched; bring that file back from a backup, or name another data folder in ONCEPOST_DATA.`,
  );
}

/** Makes the cluster beside its place and moves it there when it is whole, so a killed start leaves none half made. */
export async function createCluster(
  program: PostgresProgram,
  account: PostgresAccount,
  paths: ClusterPaths,
  password: string,
): Promise<void> {
  const draft = `${paths.cluster}.new-${randomBytes(4).toString('hex')}`;
  const passwordFile = `${draft}.password`;
  await removeDrafts(paths);
  try {
    await mkdir(draft, { mode: 0o700 });
    await writePrivateFile(passwordFile, `${password}\n`);
    if (account.user !== undefined) {
      for (const path of [draft, passwordFile]) await chown(path, account.user.uid, account.user.gid);
    }
    const call = account.call(program.initdb, [
      `--pgdata=${draft}`,
      `--username=${databaseUser}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
    ]);
    const { code, output } = await run(call.command, call.args, account);
    if (code !== 0) throw refusedInitdb(paths, output);
    await rename(draft, paths.cluster);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error instanceof StartRefused ? error : refusedInitdb(paths, error);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function refusedInitdb(paths: ClusterPaths, cause: unknown): StartRefused {
  if (tellsFullDisk(cause)) return diskFull(paths.dataFolder);
  const said = lastLines(String(cause), 3);
  return new StartRefused(
    `The database could not be created in ${paths.dataFolder} (${said}); nothing was kept of the try; repair that and start again, or set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

async function removeDrafts(paths: ClusterPaths): Promise<void> {
  const prefix = `${basename(paths.cluster)}.new-`;
  // The initdb of a killed start may outlive it, and write on until its folder is gone.
  const patiently = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 };
  for (const name of await readdir(paths.dataFolder)) {
    if (name.startsWith(prefix)) await rm(join(paths.dataFolder, name), patiently);
  }
}

function run(
  command: string,
  args: readonly string[],
  account: PostgresAccount,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...account.user, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString('utf8') }));
  });
}
