// `oncepost sandbox`: the stand-ins of the platforms, for practice.
import { join } from 'node:path';
import { Command } from 'commander';
import type { Env } from '../runtime/env.ts';
import { stopRequested, tellReady } from '../runtime/process-manners.ts';
import { startSandbox } from '../sandbox/start.ts';

export function sandboxCommand(env: Env): Command {
  return new Command('sandbox').description('run the practice platforms').action(async () => {
    const dataFolder = join(env.ONCEPOST_DATA, 'sandbox');
    const sandbox = await startSandbox({ host: '127.0.0.1', port: env.ONCEPOST_SANDBOX_PORT, dataFolder });
    tellReady();
    await stopRequested();
    await sandbox.close();
  });
}
