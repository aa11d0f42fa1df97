// `oncepost apps`: sets and lists the apps by which a workspace asks for grants. Secrets come on stdin.
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { AppRefused, platformApps, setPlatformApp } from '../connections/platform-apps.ts';
import { describeProblems } from '../domain/api/api-problems.ts';
import { platformAppRequestSchema } from '../domain/connections/platform-app.ts';
import { fieldProblems } from '../domain/schedules/schedule-request.ts';
import { NotConnected } from '../publishing/grants/not-connected.ts';
import type { Env } from '../runtime/env.ts';
import { CLI_ACTOR } from './actor.ts';
import { CommandRefused } from './command-refused.ts';
import { withLocalContext } from './local-servers.ts';
import { serverUrl } from './server-url.ts';
import { workspaceNamed } from './with-context.ts';

interface SetOptions {
  readonly workspace: string;
  readonly platform: string;
  readonly clientId: string;
  readonly apiBase?: string;
  readonly public?: true;
}

export function appsCommand(env: Env): Command {
  const apps = new Command('apps').description('set and list the platform apps of a workspace');
  apps
    .command('set')
    .description('set the app of a platform; its client secret is read from stdin')
    .requiredOption('--workspace <name>', 'the workspace')
    .requiredOption('--platform <platform>', 'for example x, instagram')
    .requiredOption('--client-id <id>', "the app's client id")
    .option('--public', 'a public client: it has no secret, and stdin is not read')
    .option('--api-base <url>', 'another address of the API, of a sandbox')
    .action((options: SetOptions) => set(env, options));
  apps
    .command('list')
    .description('list the apps of a workspace, without their secrets')
    .requiredOption('--workspace <name>', 'the workspace')
    .option('--json', 'as JSON')
    .action((options: { workspace: string; json?: true }) => list(env, options));
  return apps;
}

async function set(env: Env, options: SetOptions): Promise<void> {
  const { platform, clientId, apiBase = null } = options;
  const clientSecret = options.public ? null : (await text(process.stdin)).trim();
  const parsed = platformAppRequestSchema.safeParse({ clientId, clientSecret, apiBase });
  if (!parsed.success) {
    const problems = describeProblems(fieldProblems(parsed.error));
    throw new CommandRefused(`The app cannot be used (${problems}), so nothing was changed.`);
  }
  await withLocalContext(env, async (context) => {
    const { id: workspaceId } = await workspaceNamed(context, options.workspace);
    try {
      await setPlatformApp(context, { workspaceId, actor: CLI_ACTOR }, platform, parsed.data);
    } catch (error) {
      const refused = error instanceof AppRefused || error instanceof NotConnected;
      throw refused ? new CommandRefused(error.message) : error;
    }
    const [app] = (await platformApps(context, workspaceId, originOf(env))).filter(
      (known) => known.platform === platform,
    );
    console.log(`Set the app of ${app?.platformLabel ?? platform}. Address to come back to: ${app?.redirectAddress}`);
  });
}

async function list(env: Env, options: { workspace: string; json?: true }): Promise<void> {
  await withLocalContext(env, async (context) => {
    const { id } = await workspaceNamed(context, options.workspace);
    const apps = await platformApps(context, id, originOf(env));
    if (options.json) console.log(JSON.stringify(apps, null, 2));
    else for (const app of apps) console.log(line(app));
  });
}

function line(app: { platform: string; clientId: string; hasSecret: boolean; redirectAddress: string | null }): string {
  const { platform, clientId, hasSecret, redirectAddress } = app;
  return `${platform.padEnd(12)} ${clientId.padEnd(32)} ${hasSecret ? 'with a secret' : 'public'}  ${redirectAddress}`;
}

function originOf(env: Env): string {
  return env.ONCEPOST_PUBLIC_URL ?? serverUrl(env);
}
