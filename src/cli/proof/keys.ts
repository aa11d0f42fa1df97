// `oncepost proof keys`: what exports are signed with.
import { Command } from 'commander';
import { listProofKeys, listProofSecrets } from '../../ledger/proof/proof-keys.ts';
import { proofJwks, rotateProofKey, rotateProofSecret } from '../../proof/keys.ts';
import type { Env } from '../../runtime/env.ts';
import { CLI_ACTOR } from '../actor.ts';
import { withLocalContext } from '../local-servers.ts';
import { workspaceNamed } from '../with-context.ts';

interface OfWorkspace {
  readonly workspace: string;
}

export function proofKeysCommand(env: Env): Command {
  const keys = new Command('keys').description('list and change the keys of exports');
  keys
    .command('list')
    .description('list the keys and secrets of a workspace, without what is secret in them')
    .requiredOption('--workspace <name>', 'the workspace')
    .option('--json', 'as JSON')
    .action((options: OfWorkspace & { json?: true }) => list(env, options));
  keys
    .command('rotate')
    .description('sign with a new Ed25519 key from now on; the one before stays published')
    .requiredOption('--workspace <name>', 'the workspace')
    .action(({ workspace }: OfWorkspace) =>
      withLocalContext(env, async (context) => {
        const { id: workspaceId } = await workspaceNamed(context, workspace);
        console.log(await rotateProofKey(context.ledger, { workspaceId, actor: CLI_ACTOR }));
      }),
    );
  keys
    .command('secret')
    .description('make a new secret for the HMAC from now on; it is shown once')
    .requiredOption('--workspace <name>', 'the workspace')
    .action(({ workspace }: OfWorkspace) =>
      withLocalContext(env, async (context) => {
        const { id: workspaceId } = await workspaceNamed(context, workspace);
        console.log((await rotateProofSecret(context.ledger, { workspaceId, actor: CLI_ACTOR })).secret);
      }),
    );
  keys
    .command('jwks')
    .description('print the public keys, as /.well-known/oncepost-proof-keys.json has them')
    .action(() =>
      withLocalContext(env, async ({ ledger }) => console.log(JSON.stringify(await proofJwks(ledger), null, 2))),
    );
  return keys;
}

function list(env: Env, { workspace, json }: OfWorkspace & { json?: true }): Promise<void> {
  return withLocalContext(env, async (context) => {
    const { id } = await workspaceNamed(context, workspace);
    const keys = await listProofKeys(context.ledger, id);
    const secrets = await listProofSecrets(context.ledger, id);
    if (json) return console.log(JSON.stringify({ keys, secrets }, null, 2));
    const rows = [
      ...keys.map((key) => ['ed25519', key] as const),
      ...secrets.map((secret) => ['hmac', secret] as const),
    ];
    for (const [kind, { id: keyId, madeAt, retiredAt }] of rows) {
      const since = retiredAt === null ? 'signs' : `retired ${retiredAt.toISOString()}`;
      console.log(`${kind.padEnd(8)} ${keyId}  made ${madeAt.toISOString()}  ${since}`);
    }
  });
}
