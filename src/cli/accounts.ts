// `oncepost accounts`: connects and reconnects accounts. Secrets come on stdin, so they stand in no history and no list.
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { z } from 'zod';
import type { Context } from '../boot/context.ts';
import { listConnections } from '../connections/list-connections.ts';
import { instantText } from '../domain/schedules/instant.ts';
import { accountsOf } from '../ledger/accounts/accounts.ts';
import { type AccountToVerify, connectVerified } from '../publishing/grants/connect-account.ts';
import { NotConnected } from '../publishing/grants/not-connected.ts';
import type { Env } from '../runtime/env.ts';
import { CLI_ACTOR } from './actor.ts';
import { CommandRefused } from './command-refused.ts';
import { withLocalContext } from './local-servers.ts';
import { workspaceNamed } from './with-context.ts';

const secretsSchema = z
  .strictObject({
    accessToken: z.string().min(1).optional(),
    refreshToken: z.string().min(1).optional(),
    clientId: z.string().min(1).optional(),
    clientSecret: z.string().min(1).optional(),
    identifier: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
    expiresAt: instantText.optional(),
  })
  .refine(
    ({ accessToken, refreshToken, identifier, password }) => accessToken ?? refreshToken ?? (identifier && password),
    { path: ['accessToken'], error: 'give it, or a refreshToken, or identifier and password' },
  );

interface ConnectOptions {
  readonly workspace: string;
  readonly platform: string;
  readonly name: string;
  readonly remoteId: string;
  readonly apiBase?: string;
  readonly scopes: string;
}

export function accountsCommand(env: Env): Command {
  const accounts = new Command('accounts').description('connect, reconnect and list accounts');
  accounts
    .command('connect')
    .description(
      'connect an account, or reconnect it with new secrets (JSON on stdin: accessToken, refreshToken, clientId, clientSecret, identifier, password, expiresAt; what each platform needs stands in docs/operating.md)',
    )
    .requiredOption('--workspace <name>', 'the workspace')
    .requiredOption('--platform <platform>', 'for example x, instagram, bluesky')
    .requiredOption('--name <name>', 'how schedules call it')
    .requiredOption('--remote-id <id>', "the platform's own id of the account (X user id, Instagram user id, DID)")
    .option('--api-base <url>', 'another address of the API, for example a Bluesky PDS')
    .option('--scopes <list>', 'the granted scopes, separated by spaces', '')
    .action((options: ConnectOptions) => withLocalContext(env, (context) => connect(context, options)));
  accounts
    .command('list')
    .description('list the accounts of a workspace, each with its id and whether it is connected')
    .requiredOption('--workspace <name>', 'the workspace')
    .option('--json', 'everything that is known of each, as JSON')
    .action((options: ListOptions) => withLocalContext(env, (context) => list(context, options)));
  return accounts;
}

async function connect(context: Context, options: ConnectOptions): Promise<void> {
  const workspace = await workspaceNamed(context, options.workspace);
  const { expiresAt, ...grant } = readSecrets(await text(process.stdin));
  const id = await connected(context, {
    workspaceId: workspace.id,
    platform: options.platform,
    name: options.name,
    remoteId: options.remoteId,
    apiBase: options.apiBase ?? null,
    scopes: options.scopes.split(/[\s,]+/).filter(Boolean),
    grant,
    grantExpiresAt: expiresAt ? new Date(expiresAt) : null,
    actor: CLI_ACTOR,
  });
  console.log(`Connected ${options.platform} account "${options.name}" (${id}).`);
}

async function connected(context: Context, wanted: AccountToVerify): Promise<string> {
  try {
    return await connectVerified(context, wanted);
  } catch (error) {
    throw error instanceof NotConnected ? new CommandRefused(error.message) : error;
  }
}

interface ListOptions {
  readonly workspace: string;
  readonly json?: true;
}

async function list(context: Context, options: ListOptions): Promise<void> {
  const workspace = await workspaceNamed(context, options.workspace);
  if (options.json) {
    console.log(JSON.stringify(await listConnections(context, workspace.id), null, 2));
    return;
  }
  const accounts = await accountsOf(context.ledger, workspace.id);
  for (const account of accounts.filter(({ deleted }) => !deleted)) {
    const { platform, name, id, status, mediaCapabilityMissing } = account;
    const marks = mediaCapabilityMissing ? `${status}, no media: reconnect it` : status;
    console.log(`${platform.padEnd(12)} ${name.padEnd(24)} ${id} ${marks}`);
  }
}

/** The problems are named by field; a value is never repeated, since it is a secret. */
function readSecrets(input: string): z.infer<typeof secretsSchema> {
  let json: unknown;
  try {
    json = JSON.parse(input);
  } catch {
    throw new CommandRefused(
      'The secrets on stdin are not JSON, so nothing was connected; send {"accessToken": "...", ...}.',
    );
  }
  const parsed = secretsSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : issue?.path.join('.');
  throw new CommandRefused(
    `The secrets on stdin cannot be used (${field}: ${issue?.message}), so nothing was connected.`,
  );
}
