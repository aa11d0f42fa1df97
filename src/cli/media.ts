// `oncepost media`: uploads files that posts then name.
import { openAsBlob } from 'node:fs';
import { Command } from 'commander';
import type { Env } from '../runtime/env.ts';
import { CommandRefused } from './command-refused.ts';
import { print, withClient } from './with-client.ts';

export function mediaCommand(env: Env): Command {
  const media = new Command('media').description('upload pictures and videos that posts name');
  media
    .command('upload')
    .description('store a file, and print the address by which posts name it')
    .argument('<file>', 'a picture or a video')
    .option('--json', 'print the answer as JSON')
    .action((path: string, { json }: { json?: true }) =>
      withClient(env, async (client) => {
        const stored = await client.uploadMedia(await opened(path));
        print(stored, json, () => stored.url);
      }),
    );
  return media;
}

async function opened(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandRefused(`${path} could not be read, so nothing was stored (${why}).`);
  }
}
