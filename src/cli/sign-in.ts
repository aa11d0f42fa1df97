// `oncepost sign-in`: prints a link that signs the person of this machine in, once.
import { Command } from 'commander';
import { makeSignInLink } from '../ledger/people/sign-in-links.ts';
import { ensureWorkspace } from '../ledger/workspaces/workspaces.ts';
import { PRACTICE_WORKSPACE } from '../practice/make-practice.ts';
import type { Env } from '../runtime/env.ts';
import { isLoopback } from '../runtime/ports.ts';
import { CommandRefused } from './command-refused.ts';
import { withLocalContext } from './local-servers.ts';
import { serverUrl } from './server-url.ts';
import { workspaceNamed } from './with-context.ts';

export function signInCommand(env: Env): Command {
  return new Command('sign-in')
    .description('print a link that signs you in on this machine, once, within ten minutes')
    .option('--workspace <name>', 'the workspace; the sandbox without it')
    .action((options: { workspace?: string }) => signIn(env, options.workspace));
}

async function signIn(env: Env, name: string | undefined): Promise<void> {
  if (env.ONCEPOST_OIDC_ISSUER !== undefined) {
    throw new CommandRefused(
      `People sign in with ${new URL(env.ONCEPOST_OIDC_ISSUER).host} here, so no link was made; "oncepost people invite" lets somebody in.`,
    );
  }
  if (!isLoopback(env.ONCEPOST_HOST)) {
    throw new CommandRefused(
      `The server listens on ${env.ONCEPOST_HOST}, where others reach it, so no link was made; links are for this machine alone: set ONCEPOST_HOST to 127.0.0.1.`,
    );
  }
  await withLocalContext(env, async (context) => {
    const workspace =
      name === undefined
        ? await ensureWorkspace(context.ledger, PRACTICE_WORKSPACE)
        : await workspaceNamed(context, name);
    const { secret } = await makeSignInLink(context.ledger, workspace.id);
    console.log(`${serverUrl(env)}/sign-in/${secret}`);
  });
}
