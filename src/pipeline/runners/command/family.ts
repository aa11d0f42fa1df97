// The processes of one program, and their end. A program starts others, and some of them leave its process group.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { identify, isRunning, type ProcessIdentity } from '../../../runtime/processes.ts';

/** What a program's processes are known by. */
export interface Family {
  /** The process group, which is also its session; null: not known, since who started it is gone. */
  readonly group: number | null;
  /** Its private folder: the environment that all its processes inherit names it. */
  readonly folder: string;
}

interface Member {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
}

const POLL_MS = 25;
const KILLED_WITHIN_MS = 10_000;

/**
 * The processes that run (a zombie does not): on Linux those of the group and of the session, those whose environment names the
 * folder, and the children of all these. Elsewhere those of the group and their children.
 * Not found is who began a session of its own, with another environment, and whose parent has ended.
 */
export function membersOf(family: Family): readonly Member[] {
  const all = process.platform === 'linux' ? membersOnLinux() : membersByPs();
  const isOurs = (one: Member) => one.group === family.group || one.session === family.group || isMarked(one, family);
  const found = new Map(all.filter(isOurs).map((one) => [one.pid, one]));
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const one of all) if (found.has(one.parent)) found.set(one.pid, one);
  }
  return [...found.values()].filter(({ pid }) => identify(pid) !== undefined);
}

/** Asks them to end, waits for `graceMs`, and kills who is left. False: some could not be ended. */
export async function endFamily(family: Family, graceMs: number): Promise<boolean> {
  signalAll(family, 'SIGTERM');
  // A suspended process would never see the signal.
  signalAll(family, 'SIGCONT');
  if (await untilGone(family, graceMs)) return true;
  const deadline = performance.now() + KILLED_WITHIN_MS;
  while (performance.now() < deadline) {
    signalAll(family, 'SIGKILL');
    if (await untilGone(family, POLL_MS)) return true;
  }
  return false;
}

/** True once none of them runs, false after `waitMs`. */
export async function untilGone(family: Family, waitMs: number): Promise<boolean> {
  const deadline = performance.now() + waitMs;
  for (let known = identitiesOf(family); known.length > 0; ) {
    if (performance.now() >= deadline) return false;
    await pause(POLL_MS);
    // The whole machine is looked through only when the known ones are gone: they may have started others.
    known = known.filter(isRunning);
    if (known.length === 0) known = identitiesOf(family);
  }
  return true;
}

function identitiesOf(family: Family): ProcessIdentity[] {
  return membersOf(family).flatMap(({ pid }) => identify(pid) ?? []);
}

function signalAll(family: Family, signal: NodeJS.Signals): void {
  const members = membersOf(family);
  // At once, so that none of the group can start another in between. Its number is no stranger's while one of it runs.
  const { group } = family;
  const grouped = group !== null && members.some((one) => one.group === group);
  if (grouped) send(-group, signal);
  for (const one of members) if (!grouped || one.group !== group) send(one.pid, signal);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended meanwhile, or is another user's; who is left is seen by the next look.
  }
}

function isMarked({ pid }: Member, { folder }: Family): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`);
    return environment.includes(`=${folder}\0`);
  } catch {
    return false;
  }
}

function* linuxStats(): Generator<Member> {
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!/^\d+$/.test(name) || pid === process.pid) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The name in parentheses may hold spaces; behind it stand state, parent, group and session.
      const [, parent, group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      yield { pid, parent: Number(parent), group: Number(group), session: Number(session) };
    } catch {
      // It ended between the listing and the reading.
    }
  }
}

const membersOnLinux = (): Member[] => [...linuxStats()];

function membersByPs(): Member[] {
  const lines = execFileSync('ps', ['-axo', 'pid=,ppid=,pgid='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [pid, parent, group] = line.trim().split(/\s+/);
    if (group === undefined || Number(pid) === process.pid) return [];
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), session: 0 }];
  });
}
