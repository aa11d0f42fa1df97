// `oncepost hold`: stops publishing and lets it go again.
import { Command } from 'commander';
import type { OncepostClient } from '../client/client.ts';
import { type HoldTarget, UNKNOWN_SET } from '../domain/schedules/hold.ts';
import type { Env } from '../runtime/env.ts';
import { CommandRefused } from './command-refused.ts';
import { print, withClient } from './with-client.ts';

interface Target {
  readonly account?: string;
  readonly platform?: string;
  readonly deliverySet?: string;
}

interface ReleaseOptions {
  readonly every?: number;
  readonly until?: string;
  readonly notOlderThan?: string;
  readonly json?: true;
}

export function holdCommand(env: Env): Command {
  const hold = new Command('hold').description('stop publishing, list what is on hold, and let it go again');
  hold
    .command('place')
    .description('stop every create of the workspace, of an account or of a delivery set')
    .requiredOption('--reason <text>', 'why; it is shown to everybody')
    .option('--account <account>', 'only of this account, by its name or id')
    .option('--platform <platform>', 'when several accounts have that name')
    .option('--delivery-set <id>', 'only of this delivery set')
    .option('--json', 'print the answer as JSON')
    .action((options: Target & { reason: string; json?: true }) =>
      withClient(env, async (client) => {
        const target = await targetOf(client, options);
        const answer = await client.placeHold({ target, reason: options.reason });
        print(answer, options.json, () => (answer.placed ? 'On hold.' : 'It was on hold already.'));
        if (answer.unknownSet) console.error(UNKNOWN_SET);
      }),
    );
  hold
    .command('list')
    .description('list the active holds')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: true }) =>
      withClient(env, async (client) => {
        const { holds } = await client.holds();
        if (json) return console.log(JSON.stringify(holds, null, 2));
        for (const one of holds) {
          const about = one.scope === 'workspace' ? 'everything' : `${one.scope} ${one.targetId}`;
          console.log(
            `${one.id}  ${about}  ${one.keptBack} kept back  ${one.reason} (${one.placedBy}, ${one.placedAt})`,
          );
        }
      }),
    );
  hold
    .command('release')
    .description('let go what is on hold')
    .argument('<id>', 'the id that "hold list" shows')
    .option('--every <minutes>', 'what is late goes out one every so many minutes', Number)
    .option('--until <instant>', 'what is late is spread until then')
    .option('--not-older-than <instant>', 'what was due before that wants a new time')
    .option('--json', 'print the answer as JSON')
    .action((id: string, options: ReleaseOptions) =>
      withClient(env, async (client) => {
        const { every, until, notOlderThan } = options;
        const pace =
          every !== undefined
            ? ({ kind: 'every', minutes: every } as const)
            : until !== undefined
              ? ({ kind: 'until', at: until } as const)
              : ({ kind: 'at_once' } as const);
        const answer = await client.releaseHold(id, {
          pace,
          ...(notOlderThan === undefined ? {} : { notOlderThan }),
        });
        print(answer, options.json, () => `Released: ${answer.released} go out, ${answer.missed} want a new time.`);
      }),
    );
  return hold;
}

async function targetOf(client: OncepostClient, { account, platform, deliverySet }: Target): Promise<HoldTarget> {
  if (account !== undefined) return { scope: 'account', accountId: await accountOf(client, { account, platform }) };
  if (deliverySet !== undefined) return { scope: 'delivery_set', deliverySetId: deliverySet };
  return { scope: 'workspace' };
}

/** @throws CommandRefused where none has that name or id, or several have */
async function accountOf(
  client: OncepostClient,
  { account, platform }: { readonly account: string; readonly platform: string | undefined },
): Promise<string> {
  const known = await client.accounts();
  const ofPlatform = known.filter((one) => platform === undefined || one.platform === platform);
  const byId = ofPlatform.filter(({ id }) => id === account);
  const [found, ...others] = byId.length > 0 ? byId : ofPlatform.filter(({ name }) => name === account);
  if (found && others.length === 0) return found.id;
  if (!found)
    throw new CommandRefused(
      `There is no account "${account}", so nothing was held; see the page Connections for their names.`,
    );
  const names = [found, ...others].map(({ id, platform: on }) => `${on}:${id}`).join(', ');
  throw new CommandRefused(
    `Several accounts are called "${account}" (${names}), so nothing was held; name one by its id, or say --platform.`,
  );
}
