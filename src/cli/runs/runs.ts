// `oncepost runs`: starts, shows and steers runs of pipelines. One file per word; here they only meet.
import { Command } from 'commander';
import type { Env } from '../../runtime/env.ts';
import { acceptCommand } from './accept.ts';
import { approveRunCommand } from './approve.ts';
import { pullCommand, submitCommand } from './files.ts';
import { listRunsCommand, showRunCommand } from './look.ts';
import { recheckCommand } from './recheck.ts';
import { startRunCommand } from './start.ts';
import { steerCommands } from './steer.ts';

export function runsCommand(env: Env): Command {
  const command = new Command('runs').description('start, show and steer runs of pipelines');
  const words = [
    startRunCommand,
    listRunsCommand,
    showRunCommand,
    submitCommand,
    pullCommand,
    approveRunCommand,
    recheckCommand,
    acceptCommand,
  ];
  for (const word of words) command.addCommand(word(env));
  for (const word of steerCommands(env)) command.addCommand(word);
  return command;
}
