// `oncepost proof verify`: checks a bundle by itself, without a server, a database or a network.
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { verifyBundle } from '../../proof/verify/verify-bundle.ts';
import { CommandRefused } from '../command-refused.ts';

interface VerifyOptions {
  readonly keys?: string;
  readonly secretFile?: string;
  readonly json?: true;
}

export function verifyCommand(): Command {
  return new Command('verify')
    .description('say what holds of a bundle; ends with 1 when it does not')
    .argument('<bundle>', 'the ZIP')
    .option('--keys <file>', 'the public keys of whom you expect it from: oncepost-proof-keys.json of their server')
    .option('--secret-file <file>', 'a file with the shared secret of the HMAC')
    .option('--json', 'print the verdict as JSON')
    .action(verify);
}

async function verify(bundle: string, { keys, secretFile, json }: VerifyOptions): Promise<void> {
  const given = {
    keys: keys === undefined ? null : await textOf(keys),
    secret: secretFile === undefined ? null : (await textOf(secretFile)).trim(),
  };
  const verdict = await reading(bundle, () => verifyBundle(bundle, given));
  if (json) console.log(JSON.stringify(verdict));
  else if (verdict.holds) console.log(verdict.says);
  else console.error(verdict.says);
  if (!verdict.holds) process.exitCode = 1;
}

function textOf(path: string): Promise<string> {
  return reading(path, () => readFile(path, 'utf8'));
}

async function reading<Answer>(path: string, read: () => Promise<Answer>): Promise<Answer> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new CommandRefused(`${path} cannot be read (${String(error.code)}), so nothing was checked; check the path.`);
  }
}
