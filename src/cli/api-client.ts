// The client of commands that talk to the server, and how its refusals are told.
import { createOncepostClient, type OncepostClient, OncepostRefused, OncepostUnreachable } from '../client/client.ts';
import { apiKeyFile } from '../practice/api-key-file.ts';
import type { Env } from '../runtime/env.ts';
import { readIfThere } from '../runtime/private-file.ts';
import { CommandRefused } from './command-refused.ts';
import { serverUrl } from './server-url.ts';

/** Runs what a command asks of the server. @throws CommandRefused with the server's sentence */
export async function askServer<Answer>(env: Env, ask: (client: OncepostClient) => Promise<Answer>): Promise<Answer> {
  const client = createOncepostClient({ url: serverUrl(env), apiKey: await apiKey(env) });
  try {
    return await ask(client);
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
    `There is no API key, so nothing was sent; set ONCEPOST_API_KEY, or run "npm start", which makes one in ${env.ONCEPOST_DATA}.`,
  );
}
