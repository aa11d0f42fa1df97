// A program of ours that must not start: told in one sentence, with an exit code, and without a secret or a stack.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { bareEnvironment, ENDED_WITHIN_MS, oncepost } from '../harness/program.ts';

export type Variables = Readonly<Record<string, string>>;

/** Stands in for secrets; none of them may be told. */
export const SECRETS = {
  password: 'hunter2-of-the-database',
  temporalKey: 'sk-temporal-0123456789',
  apiKey: 'op_0123456789abcdef',
} as const;

/** Runs the command, which must refuse, and answers what it said. */
export async function refusalOf(command: string, env: Variables): Promise<string> {
  const { code, stdout, stderr } = await oncepost([command], env);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expectOneSentence(stderr, env);
  return stderr.trimEnd();
}

/** How the command ends for a supervisor: with the code that tells it whether to start it again. */
export async function exitCodeUnderSupervisor(command: string, env: Variables): Promise<number> {
  const program = fileURLToPath(new URL('../../bin/oncepost.mjs', import.meta.url));
  const child = fork(program, [command], {
    env: { ...bareEnvironment(), ...env },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const late = setTimeout(() => child.kill('SIGKILL'), ENDED_WITHIN_MS);
  const [code] = await once(child, 'exit');
  clearTimeout(late);
  return Number(code);
}

/** What a command that stays says while it waits for a server; it is ended then. */
export async function waitOf(command: string, env: Variables): Promise<string> {
  const program = fileURLToPath(new URL('../../bin/oncepost.mjs', import.meta.url));
  const child = fork(program, [command], {
    env: { ...bareEnvironment(), ...env, ONCEPOST_PORT: '0' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const late = setTimeout(() => child.kill('SIGKILL'), ENDED_WITHIN_MS);
  let told = '';
  for await (const text of child.stderr ?? []) {
    told += String(text);
    if (told.includes('\n')) break;
  }
  const waits = child.exitCode === null;
  child.kill('SIGKILL');
  clearTimeout(late);
  expect({ told, waits }).toEqual({ told: expect.stringMatching(/^\{.*\}\n$/), waits: true });
  for (const secret of Object.values(SECRETS)) expect(told).not.toContain(secret);
  return String(JSON.parse(told).msg);
}

function expectOneSentence(told: string, env: Variables): void {
  expect(told.trimEnd().split('\n')).toHaveLength(1);
  expect(told).toMatch(/^[^{].{30,700}\.\n$/);
  expect(told).not.toMatch(/\n\s+at |node:internal|file:\/\/|\.ts:\d/);
  const given = [env.ONCEPOST_SECRET_KEY, passwordOf(env.DATABASE_URL)].filter((secret) => secret !== undefined);
  for (const secret of [...Object.values(SECRETS), ...given]) if (secret.length > 8) expect(told).not.toContain(secret);
}

function passwordOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).password : undefined;
}
