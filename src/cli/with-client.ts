// Commands that ask the server: with the key of the environment, or the one that `npm start` made.
import { createOncepostClient, type OncepostClient, OncepostRefused, OncepostUnreachable } from '../client/client.ts';
import { apiKeyFile } from '../practice/api-key-file.ts';
import type { Env } from '../runtime/env.ts';
import { readIfThere } from '../runtime/private-file.ts';
import { CommandRefused } from './command-refused.ts';
import { serverUrl } from './server-url.ts';

/** Does the work; what the server refuses is told in its own sentence. @throws CommandRefused */
export async function withClient(env: Env, work: (client: OncepostClient) => Promise<void>): Promise<void> {
  const client = createOncepostClient({ url: serverUrl(env), apiKey: await apiKey(env) });
  try {
    await work(client);
  } catch (error) {
    if (error instanceof OncepostRefused || error instanceof OncepostUnreachable)
      throw new CommandRefused(error.message);
    throw error;
  }
}

async function apiKey(env: Env): Promise<string> {
  const key = env.ONCEPOST_API_KEY ?? (await readIfThere(apiKeyFile(env.ONCEPOST_DATA)));
  if (key !== undefined) return key.trim();
  throw new CommandRefused(
    `There is no API key, so nothing was asked; set ONCEPOST_API_KEY, or run "npm start", which makes one in ${env.ONCEPOST_DATA}.`,
  );
}
