// `oncepost workspace`: what holds for a whole workspace.
import { Command } from 'commander';
import ms, { type StringValue } from 'ms';
import { setPublishWithin } from '../ledger/workspaces/workspaces.ts';
import type { Env } from '../runtime/env.ts';
import { CLI_ACTOR } from './actor.ts';
import { CommandRefused } from './command-refused.ts';
import { withLocalContext } from './local-servers.ts';
import { workspaceNamed } from './with-context.ts';

export function workspaceCommand(env: Env): Command {
  return new Command('workspace')
    .description('say what holds for a whole workspace')
    .requiredOption('--name <name>', 'the workspace')
    .requiredOption(
      '--publish-within <duration>',
      'how long after its time a post may still go out where it says nothing itself, like 6h; "always": whenever it can',
    )
    .action((options: { name: string; publishWithin: string }) =>
      withLocalContext(env, async (context) => {
        const { id: workspaceId } = await workspaceNamed(context, options.name);
        const withinMs = readDuration(options.publishWithin);
        await setPublishWithin(context.ledger, { workspaceId, withinMs, actor: CLI_ACTOR });
        console.log(
          withinMs === null
            ? 'Posts go out whenever they can.'
            : `Posts go out within ${ms(withinMs, { long: true })} or not at all.`,
        );
      }),
    );
}

function readDuration(text: string): number | null {
  if (text === 'always') return null;
  const duration = /^\d+ ?(m|h|d)$/.test(text) ? ms(text as StringValue) : undefined;
  if (duration !== undefined && duration > 0) return duration;
  throw new CommandRefused(`"${text}" is no duration like 90m, 6h or 2d, nor "always", so nothing was changed.`);
}
