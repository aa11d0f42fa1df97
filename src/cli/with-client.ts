// Opens the client for one command, with the key of the environment or the one that `npm start` made.
import { createOncepostClient, type OncepostClient, OncepostRefused, OncepostUnreachable } from '../client/client.ts';
import { apiKeyFile } from '../practice/api-key-file.ts';
import type { Env } from '../runtime/env.ts';
import { readIfThere } from '../runtime/private-file.ts';
import { CommandRefused } from './command-refused.ts';
import { serverUrl } from './server-url.ts';

/** @throws CommandRefused with the server's own sentence, or when it cannot be asked */
export async function withClient<Answer>(env: Env, work: (client: OncepostClient) => Promise<Answer>): Promise<Answer> {
  const client = createOncepostClient({ url: serverUrl(env), apiKey: await apiKey(env) });
  try {
    return await work(client);
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

/** Prints an answer: as JSON for programs, or in the words given for people. */
export function print(answer: unknown, json: boolean | undefined, words: () => string): void {
  console.log(json ? JSON.stringify(answer, null, 2) : words());
}
