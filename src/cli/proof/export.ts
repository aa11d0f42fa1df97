// `oncepost proof export`: asks the server for a bundle, shows how far it has come, and saves it.
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import type { ProofExport } from '../../client/client.ts';
import { EXPORT_STATE_MEANS } from '../../domain/proof/export-request.ts';
import type { Env } from '../../runtime/env.ts';
import { CommandRefused } from '../command-refused.ts';
import { withClient } from '../with-client.ts';

interface ExportOptions {
  readonly from: string;
  readonly to: string;
  readonly platform: readonly string[];
  readonly account: readonly string[];
  readonly out?: string;
  readonly json?: true;
}

const repeated = (value: string, before: readonly string[]) => [...before, value];

export function exportCommand(env: Env): Command {
  return new Command('export')
    .description('make a bundle of proof and save it')
    .requiredOption(
      '--from <instant>',
      'the first instant of the range, by the time posts were due, like 2026-11-01T00:00:00Z',
    )
    .requiredOption('--to <instant>', 'the first instant that is not in it')
    .option('--platform <platform>', 'only this platform; may be repeated', repeated, [])
    .option('--account <name>', 'only this account, by name or id; may be repeated', repeated, [])
    .option('--out <file>', 'where to save the ZIP; proof-<id>.zip here without it')
    .option('--json', 'print the export as JSON at the end')
    .action((options: ExportOptions) => exportProof(env, options));
}

async function exportProof(env: Env, options: ExportOptions): Promise<void> {
  const { from, to, platform: platforms, account: accounts } = options;
  await withClient(env, async (client) => {
    const request = { from, to, platforms: [...platforms], accounts: [...accounts] };
    const made = await client.proof.export(request, { onChange: (seen) => console.error(progress(seen)) });
    if (made.state === 'failed') throw new CommandRefused(`The bundle was not made: ${made.problem}`);
    const path = options.out ?? `proof-${made.id}.zip`;
    await save(await client.proof.download(made.id), path);
    console.log(options.json ? JSON.stringify({ ...made, path }) : path);
  });
}

function progress({ state, records, recordsInAll, sizeBytes }: ProofExport): string {
  const count = recordsInAll === null ? '' : `, ${records} of ${recordsInAll} records`;
  const size = sizeBytes === null ? '' : `, ${sizeBytes} bytes`;
  return `${state}: ${EXPORT_STATE_MEANS[state]}${count}${size}`;
}

async function save(bytes: ReadableStream<Uint8Array>, path: string): Promise<void> {
  try {
    await pipeline(Readable.from(bytes), createWriteStream(path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'it was cut off';
    throw new CommandRefused(
      `The bundle is made but could not be saved as ${path} (${code}); try it again with --out.`,
    );
  }
}
