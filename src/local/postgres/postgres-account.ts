// PostgreSQL refuses to run as root. This decides as whom its programs run, and how they are called for that.
import { spawnSync } from 'node:child_process';
import { chmod, stat } from 'node:fs/promises';
import { readIfThere } from '../../runtime/private-file.ts';
import { StartRefused } from '../../runtime/start-refused.ts';

/** As whom the programs run. `user` is set when that is another user of this machine, who must own the cluster. */
export interface PostgresAccount {
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  call(program: string, args: readonly string[]): { readonly command: string; readonly args: readonly string[] };
}

const unshare = ['--user', '--map-user=65534', '--map-group=65534'] as const;

const ourselves: PostgresAccount = { user: undefined, call: (command, args) => ({ command, args }) };

/** A user namespace in which root is seen as nobody: files stay root's, and nothing outside has to be readable by others. */
const namespaced: PostgresAccount = {
  user: undefined,
  call: (program, args) => ({ command: 'unshare', args: [...unshare, program, ...args] }),
};

/**
 * Chooses the account: ourselves; as root the cluster's owner, else a user namespace, else a user of this machine.
 * @throws StartRefused when root has none of these ways.
 */
export async function chooseAccount(postgres: string, dataFolder: string, cluster: string): Promise<PostgresAccount> {
  if (process.getuid?.() !== 0) return ourselves;
  const owner = await stat(cluster).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return asUser(owner.uid, owner.gid);
  if (canUnshare()) return namespaced;
  const user = owner === undefined ? await readerOf(postgres, dataFolder) : undefined;
  if (user !== undefined) return asUser(user.uid, user.gid);
  throw new StartRefused(
    'PostgreSQL does not run as root, and this machine allows neither a user namespace nor another user to read these folders; nothing was changed; start as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

function asUser(uid: number, gid: number): PostgresAccount {
  return { user: { uid, gid }, call: (command, args) => ({ command, args }) };
}

function canUnshare(): boolean {
  return process.platform === 'linux' && spawnSync('unshare', [...unshare, 'true']).status === 0;
}

/** The first of `postgres` and `nobody` who can run the program and pass through the data folder. */
async function readerOf(postgres: string, dataFolder: string): Promise<{ uid: number; gid: number } | undefined> {
  const accounts = (await readIfThere('/etc/passwd')) ?? '';
  // Others may pass through the folder, not list it; every file of ours in it is closed on its own.
  await chmod(dataFolder, 0o711);
  for (const name of ['postgres', 'nobody']) {
    const fields = accounts
      .split('\n')
      .find((line) => line.startsWith(`${name}:`))
      ?.split(':');
    const user = { uid: Number(fields?.[2]), gid: Number(fields?.[3]) };
    if (!(user.uid > 0)) continue;
    const runs = spawnSync(postgres, ['--version'], { ...user, cwd: '/' }).status === 0;
    const passes = spawnSync('test', ['-x', dataFolder], { ...user, cwd: '/' }).status === 0;
    if (runs && passes) return user;
  }
  await chmod(dataFolder, 0o700);
  return undefined;
}
