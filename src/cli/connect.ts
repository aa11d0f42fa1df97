// `oncepost connect`: connects an account. What asks on its own pages is opened in a browser; secrets come on stdin.
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { z } from 'zod';
import type { Context } from '../boot/context.ts';
import { connectWithSecrets } from '../connections/connect-with-secrets.ts';
import { adapterOf, asksForSecrets } from '../connections/connecting.ts';
import { findConnection } from '../connections/list-connections.ts';
import { repairedBy } from '../domain/connections/connection.ts';
import type { SecretField } from '../platforms/contract.ts';
import { NotConnected } from '../publishing/grants/not-connected.ts';
import type { Env } from '../runtime/env.ts';
import { CLI_ACTOR } from './actor.ts';
import { CommandRefused } from './command-refused.ts';
import { withLocalContext } from './local-servers.ts';
import { serverUrl } from './server-url.ts';
import { print } from './with-client.ts';
import { workspaceNamed } from './with-context.ts';

interface ConnectOptions {
  readonly workspace: string;
  readonly name?: string;
  readonly json?: true;
}

export function connectCommand(env: Env): Command {
  return new Command('connect')
    .description(
      'connect an account, or reconnect it: in a browser, or with secrets (JSON on stdin) where the platform takes them',
    )
    .argument('<platform>', 'for example x, instagram, bluesky')
    .requiredOption('--workspace <name>', 'the workspace')
    .option('--name <name>', 'how schedules call it; what the platform calls it without one')
    .option('--json', 'what was connected, or the page to open, as JSON')
    .action((platform: string, options: ConnectOptions) =>
      withLocalContext(env, (context) => refusing(() => connect(context, env, platform, options))),
    );
}

async function refusing(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw error instanceof NotConnected ? new CommandRefused(error.message) : error;
  }
}

async function connect(context: Context, env: Env, platform: string, options: ConnectOptions): Promise<void> {
  const adapter = adapterOf(context, platform);
  if (!asksForSecrets(adapter)) {
    const page = `${env.ONCEPOST_PUBLIC_URL ?? serverUrl(env)}/connections/new/${platform}`;
    print({ page }, options.json, () => `${adapter.label} asks in a browser. Sign in to Oncepost, and open ${page}`);
    return;
  }
  const { id: workspaceId } = await workspaceNamed(context, options.workspace);
  const { fields } = adapter.connect;
  if (process.stdin.isTTY) console.error(`Write one JSON object, then press Ctrl-D: ${shapeOf(fields)}`);
  const secrets = readSecrets(await text(process.stdin), fields);
  const meant = { accountId: null, name: options.name ?? null };
  const connector = { workspaceId, actor: CLI_ACTOR };
  const { accountId, name, reconnected } = await connectWithSecrets(context, connector, {
    platform,
    secrets,
    ...meant,
  });
  const connection = await findConnection(context, workspaceId, accountId);
  const repaired = connection && reconnected ? repairedBy(connection) : [];
  print({ id: accountId, name, reconnected, repaired }, options.json, () => {
    const done = `${reconnected ? 'Reconnected' : 'Connected'} ${platform} account "${name}" (${accountId}).`;
    const offers = repaired.map(({ says, cause }) => `${says} oncepost replay --account ${accountId} --cause ${cause}`);
    return [done, ...offers].join('\n');
  });
}

/** What is sent is never repeated, names neither: one may be a secret in the wrong place. */
function readSecrets(input: string, fields: readonly SecretField[]): Readonly<Record<string, string>> {
  const refused = (why: string) =>
    new CommandRefused(`The secrets on stdin ${why}, so nothing was connected; send JSON: ${shapeOf(fields)}.`);
  const sent = recordIn(input);
  if (!sent) throw refused('cannot be read');
  const known = new Set<string>(fields.map(({ name }) => name));
  if (Object.keys(sent).some((name) => !known.has(name))) throw refused('have a field that is not known');
  const missing = fields.find(({ name, required }) => required && !sent[name]);
  if (missing) throw refused(`lack "${missing.name}"`);
  return sent;
}

function recordIn(input: string): Readonly<Record<string, string>> | null {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(input));
  } catch {
    return null;
  }
}

const shapeOf = (fields: readonly SecretField[]): string =>
  `{${fields.map(({ name, label, required }) => `"${name}": "${label}"${required ? '' : ' (may be left out)'}`).join(', ')}}`;
