// The command line: `oncepost <command>`. One file per command; here they only meet.
import { Command } from 'commander';
import { EXIT_REFUSED } from '../runtime/child.ts';
import { readEnv } from '../runtime/env.ts';
import { StartAgainLater, StartRefused } from '../runtime/start-refused.ts';
import { tellError } from '../runtime/told-error.ts';
import { accountsCommand } from './accounts.ts';
import { CommandRefused } from './command-refused.ts';
import { keysCommand } from './keys.ts';
import { migrateCommand } from './migrate.ts';
import { practiceCommand } from './practice.ts';
import { publishCommand } from './publish.ts';
import { sandboxCommand } from './sandbox.ts';
import { serverCommand } from './server.ts';
import { startCommand } from './start.ts';
import { workerCommand } from './worker.ts';

const COMMANDS = [
  startCommand,
  publishCommand,
  accountsCommand,
  keysCommand,
  serverCommand,
  workerCommand,
  migrateCommand,
  sandboxCommand,
  practiceCommand,
];

const program = new Command('oncepost').description('Publish once, recover without republishing.').showHelpAfterError();

try {
  const env = readEnv(process.env);
  for (const command of COMMANDS) program.addCommand(command(env));
  await program.parseAsync();
  // The channel to a supervisor would keep a process alive that has nothing left to do.
  if (process.connected) process.disconnect();
} catch (error) {
  const refused = error instanceof StartRefused || error instanceof CommandRefused;
  console.error(refused || error instanceof StartAgainLater ? error.message : tellError(error));
  // The supervisor reads this as "do not start it again"; a person reads the sentence.
  process.exit(process.send && refused ? EXIT_REFUSED : 1);
}
