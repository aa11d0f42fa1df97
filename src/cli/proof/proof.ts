// `oncepost proof`: exports bundles, checks them, and changes the keys they are signed with.
import { Command } from 'commander';
import type { Env } from '../../runtime/env.ts';
import { exportCommand } from './export.ts';
import { proofKeysCommand } from './keys.ts';
import { verifyCommand } from './verify.ts';

export function proofCommand(env: Env): Command {
  return new Command('proof')
    .description('export and check proof of what was published')
    .addCommand(exportCommand(env))
    .addCommand(verifyCommand())
    .addCommand(proofKeysCommand(env));
}
