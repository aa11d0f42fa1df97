// A text that lies in a file or comes on stdin: an argument may have 128 KiB on Linux, and a post more.
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { CommandRefused } from './command-refused.ts';

export interface TextOptions {
  readonly text?: string;
  readonly textFile?: string;
}

/**
 * The text that the options name, whichever of the two; undefined where neither does. Of a file the end of the last line is left out,
 * which editors put there by themselves. @throws CommandRefused
 */
export async function textOf({ text, textFile }: TextOptions): Promise<string | undefined> {
  if (textFile === undefined) return text;
  if (text !== undefined) {
    throw new CommandRefused('There are both --text and --text-file, so nothing was sent; give one of them.');
  }
  const bytes = textFile === '-' ? await buffer(process.stdin) : await bytesOf(textFile);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/, '');
  } catch {
    const what = textFile === '-' ? 'What came on stdin' : `The file "${textFile}"`;
    throw new CommandRefused(`${what} is not UTF-8, so nothing was sent; write it as UTF-8.`);
  }
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandRefused(`The file "${path}" cannot be read (${why}); nothing was sent.`);
  }
}
