// `oncepost handoff`: the pack of a post that a person publishes by hand, and the record that it is live.

import { Command } from 'commander';
import { ADDRESS_VERDICTS, completerName } from '../domain/handoff/completion.ts';
import type { HandoffPack } from '../domain/handoff/pack.ts';
import { actorName } from '../domain/people/actor.ts';
import type { Env } from '../runtime/env.ts';
import { assertReadable } from './arguments.ts';
import { withClient } from './with-client.ts';

interface CompleteOptions {
  readonly url?: string;
  readonly note?: string;
  readonly at?: string;
  readonly json?: true;
}

export function handoffCommand(env: Env): Command {
  const handoff = new Command('handoff').description('publish by hand what was handed to a person');
  handoff
    .command('show')
    .description('print what is needed to publish it by hand')
    .argument('<id>', "the schedule's id")
    .option('--json', 'print the whole pack')
    .action(async (id: string, { json }: { json?: true }) => {
      const pack = await withClient(env, (client) => client.handoff(id));
      console.log(json ? JSON.stringify(pack, null, 2) : told(pack));
    });
  handoff
    .command('complete')
    .description('record that it is live; the first record stands')
    .argument('<id>', "the schedule's id")
    .option('--url <url>', 'where it is live')
    .option('--at <instant>', 'since when, as ISO 8601 with an offset; now without it')
    .option('--note <text>', 'what else is to be known')
    .option('--json', 'print the whole pack')
    .action(async (id: string, { url, note, at, json }: CompleteOptions) => {
      assertReadable({ url, note });
      const done = {
        ...(url === undefined ? {} : { url }),
        ...(note === undefined ? {} : { note }),
        ...(at === undefined ? {} : { publishedAt: at }),
      };
      const pack = await withClient(env, (client) => client.completeHandoff(id, done));
      console.log(json ? JSON.stringify(pack, null, 2) : recorded(pack));
    });
  return handoff;
}

function told(pack: HandoffPack): string {
  const { handoff, completion } = pack;
  const note = handoff?.note ? ` ${handoff.note}` : '';
  const why = handoff
    ? `${handoff.reasonMeans}${note}`
    : `Nobody was asked to publish it by hand: it is ${pack.stateMeans}.`;
  const owner = handoff?.owner && !completion ? ` ${actorName(handoff.owner)} publishes it.` : '';
  return [
    `For ${pack.account.name} on ${pack.platformLabel}, due ${pack.publishAt}. ${why}${owner}`,
    ...(pack.text === '' ? [] : [pack.text]),
    ...pack.textCounts.map(({ what, used, limit }) => `${used} of ${limit} ${what}`),
    ...pack.assets.map(
      ({ number, fileName, mediaType, sizeBytes, altText }) =>
        `${number}. ${fileName} (${mediaType}, ${sizeBytes} bytes)${altText === null ? '' : `\n   ${altText}`}`,
    ),
    ...(completion ? [doneBy(completion)] : []),
  ].join('\n\n');
}

function recorded({ completion }: HandoffPack): string {
  return completion ? `Recorded: ${completerName(completion)} published it.` : 'Recorded.';
}

function doneBy(completion: NonNullable<HandoffPack['completion']>): string {
  const { completedAt, publishedAt, url, check } = completion;
  const where = url === undefined ? '' : ` at ${url}`;
  const asked = check === undefined ? '' : ` ${ADDRESS_VERDICTS[check.verdict]}`;
  return `Done: ${completerName(completion)}, live since ${publishedAt ?? completedAt}${where}.${asked}`;
}
