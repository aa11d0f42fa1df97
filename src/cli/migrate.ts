// `oncepost migrate`: brings the database to this version's schema.
import { Command } from 'commander';
import { migrate } from '../ledger/database/migrate.ts';
import type { Env } from '../runtime/env.ts';
import { CommandRefused } from './command-refused.ts';

export function migrateCommand(env: Env): Command {
  return new Command('migrate').description('bring the database to the present schema').action(async () => {
    if (!env.DATABASE_URL) {
      throw new CommandRefused(
        'DATABASE_URL is not set, so there is no database to migrate; set it, or use "npm start".',
      );
    }
    await migrate(env.DATABASE_URL);
  });
}
