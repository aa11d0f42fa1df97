// `oncepost keys`: makes, lists and revokes the API keys of machines.
import { Command } from 'commander';
import { API_SCOPES, type ApiScope } from '../domain/api/api-scopes.ts';
import { apiKeysView } from '../domain/people/people-view.ts';
import { createApiKey, listApiKeys, revokeApiKey } from '../ledger/workspaces/api-keys.ts';
import type { Env } from '../runtime/env.ts';
import { CLI_ACTOR } from './actor.ts';
import { CommandRefused } from './command-refused.ts';
import { withLocalContext } from './local-servers.ts';
import { workspaceNamed } from './with-context.ts';
import { workspaceToBe } from './workspace-to-be.ts';

export function keysCommand(env: Env): Command {
  const keys = new Command('keys').description('make, list and revoke API keys');
  keys
    .command('create')
    .description('make an API key; it is shown once. A workspace that does not exist yet is made')
    .requiredOption('--workspace <name>', 'the workspace it is bound to')
    .requiredOption('--name <name>', 'what it is for')
    .option('--scopes <list>', `what it may do: ${API_SCOPES.join(', ')}`, API_SCOPES.join(' '))
    .action((options: { workspace: string; name: string; scopes: string }) =>
      withLocalContext(env, async ({ ledger }) => {
        const scopes = readScopes(options.scopes);
        const workspace = await workspaceToBe(ledger, options.workspace, 'no key was made');
        const { key } = await createApiKey(ledger, {
          workspaceId: workspace.id,
          name: options.name,
          scopes,
          actor: CLI_ACTOR,
        });
        console.log(key);
      }),
    );
  keys
    .command('list')
    .description('list the API keys of a workspace')
    .requiredOption('--workspace <name>', 'the workspace')
    .option('--json', 'as JSON')
    .action((options: { workspace: string; json?: true }) =>
      withLocalContext(env, async (context) => {
        const workspace = await workspaceNamed(context, options.workspace);
        const known = await listApiKeys(context.ledger, workspace.id);
        if (options.json) {
          console.log(JSON.stringify(apiKeysView(known), null, 2));
          return;
        }
        for (const key of known) {
          console.log(`${key.id}  ${key.prefix}...  ${key.name}  (${key.scopes.join(', ')})`);
        }
      }),
    );
  keys
    .command('revoke')
    .description('revoke an API key for good')
    .requiredOption('--workspace <name>', 'the workspace')
    .requiredOption('--id <id>', 'the id that "keys list" shows')
    .action((options: { workspace: string; id: string }) =>
      withLocalContext(env, async (context) => {
        const workspace = await workspaceNamed(context, options.workspace);
        const revoked = await revokeApiKey(context.ledger, workspace.id, options.id, CLI_ACTOR);
        if (!revoked)
          throw new CommandRefused(
            `The workspace has no key ${options.id}; nothing was changed; "keys list" shows them.`,
          );
        console.log('Revoked.');
      }),
    );
  return keys;
}

function readScopes(list: string): ApiScope[] {
  const wanted = list.split(/[\s,]+/).filter(Boolean);
  const unknown = wanted.filter((scope) => !API_SCOPES.some((known) => known === scope));
  if (wanted.length === 0 || unknown.length > 0) {
    throw new CommandRefused(
      `The scopes "${list}" cannot be used, so no key was made; known are ${API_SCOPES.join(', ')}.`,
    );
  }
  return API_SCOPES.filter((scope) => wanted.includes(scope));
}
