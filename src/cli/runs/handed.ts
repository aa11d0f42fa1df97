// Files of this machine as they are handed over inside a request.
import { readFile } from 'node:fs/promises';
import type { HandedFiles } from '../../domain/pipeline/run-request.ts';
import { CommandRefused } from '../command-refused.ts';

/** A text where it is one, bytes in base64 otherwise. @throws CommandRefused when it cannot be read */
export async function handedFile(path: string): Promise<HandedFiles[string]> {
  const bytes = await readFile(path).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandRefused(`The file "${path}" cannot be read (${why}); nothing was sent.`);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { base64: bytes.toString('base64') };
  }
}
