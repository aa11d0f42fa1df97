// The API key that commands call the server with.
import { apiKeyFile } from '../practice/api-key-file.ts';
import type { Env } from '../runtime/env.ts';
import { readIfThere } from '../runtime/private-file.ts';
import { CommandRefused } from './command-refused.ts';

/** The key that is named, or that of `npm start`. @throws CommandRefused when there is none */
export async function apiKeyOf(env: Env): Promise<string> {
  const key = env.ONCEPOST_API_KEY ?? (await readIfThere(apiKeyFile(env.ONCEPOST_DATA)));
  if (key !== undefined) return key.trim();
  throw new CommandRefused(
    `There is no API key, so nothing was sent; set ONCEPOST_API_KEY, or run "npm start", which makes one in ${env.ONCEPOST_DATA}.`,
  );
}
