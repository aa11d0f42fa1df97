// `oncepost publish`: hands a post over and follows it to its end on the terminal.
import { Command } from 'commander';
import type { Item, ScheduleRequestInput, ScheduleView } from '../client/client.ts';
import { SCHEDULE_STATES } from '../domain/schedules/states.ts';
import type { Env } from '../runtime/env.ts';
import { assertReadable } from './arguments.ts';
import { CommandRefused } from './command-refused.ts';
import { type TextOptions, textOf } from './text-file.ts';
import { withClient } from './with-client.ts';

interface PostOptions extends TextOptions {
  readonly account: string;
  readonly id?: string;
  readonly platform?: string;
  readonly at?: string;
  readonly before?: string;
  readonly media: readonly string[];
  readonly alt: readonly string[];
  readonly options?: string;
  readonly approvalRequired?: true;
}

export interface PublishOptions extends PostOptions {
  readonly json?: true;
}

const repeated = (value: string, before: readonly string[]) => [...before, value];

export function publishCommand(env: Env): Command {
  return postOptions(new Command('publish').description('publish one post and follow it to its end'))
    .option('--json', 'print the whole record at the end')
    .action((options: PublishOptions) => publish(env, options));
}

/** The options by which a command names a post. */
export function postOptions(command: Command): Command {
  return command
    .requiredOption('--account <name>', "the connected account's name or id")
    .option('--text <text>', 'the text')
    .option('--text-file <file>', 'the text from a file, as UTF-8; - for stdin')
    .option('--id <id>', 'your own id: repeating the command with it publishes once')
    .option('--platform <platform>', 'when several accounts have that name')
    .option('--at <instant>', 'when, as ISO 8601 with an offset; at once without it')
    .option('--before <instant>', 'the last moment at which it may still go out, as ISO 8601 with an offset')
    .option('--media <url>', 'a picture or video by its address; may be repeated', repeated, [])
    .option('--alt <text>', 'the alternative text of the picture at the same place; may be repeated', repeated, [])
    .option('--options <json>', "the platform's own options as JSON")
    .option('--approval-required', 'publish only once this version is approved');
}

async function publish(env: Env, options: PublishOptions): Promise<void> {
  return withClient(env, async (client) => {
    const view = await client.publish(await requestOf(options), { onChange: (item) => console.error(line(item)) });
    if (options.json) console.log(JSON.stringify(view, null, 2));
    else console.log(ending(view));
    if (view.item.state !== 'published' && view.item.state !== 'handoff_completed') process.exitCode = 1;
  });
}

/** The post that the options of a command name. @throws CommandRefused, OncepostRefused */
export async function requestOf(options: PostOptions): Promise<ScheduleRequestInput> {
  const text = (await textOf(options)) ?? '';
  const { account, id, platform, at, before, alt } = options;
  assertReadable({ account, text, platform, options: options.options });
  assertReadable(Object.fromEntries(alt.map((words, place) => [`media.${place}.altText`, words])));
  if (alt.length > options.media.length) {
    throw new CommandRefused(
      `There are ${alt.length} --alt for ${options.media.length} --media, so nothing was sent; give one --alt at most for each --media, in the same order.`,
    );
  }
  const media = options.media.map((url, place) => ({
    url,
    ...(alt[place] === undefined ? {} : { altText: alt[place] }),
  }));
  return {
    account,
    text,
    media,
    ...(id === undefined ? {} : { id }),
    ...(platform === undefined ? {} : { platform }),
    ...(at === undefined ? {} : { publishAt: at }),
    ...(before === undefined ? {} : { publishBefore: before }),
    ...(options.approvalRequired ? { approvalRequired: true } : {}),
    ...(options.options === undefined ? {} : { options: readOptions(options.options) }),
  };
}

/** The platform's own options, as JSON. @throws CommandRefused */
export function readOptions(text: string): NonNullable<ScheduleRequestInput['options']> {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandRefused('--options is not JSON, so nothing was sent; write it like {"replyToPostId": "123"}.');
  }
}

/** The state as it changes, on stderr, so that stdout holds the end alone. */
function line(item: Item): string {
  const until = item.wakeAt ? ` until ${item.wakeAt}` : '';
  return `${item.state}: ${SCHEDULE_STATES[item.state].means}${until}`;
}

function ending({ item, post }: ScheduleView): string {
  if (item.state === 'published') return item.url ?? `live as ${item.platform} post ${post?.platformPostId}`;
  const why = item.cause
    ? `${item.cause.code}: ${item.cause.externalText || item.cause.means}`
    : SCHEDULE_STATES[item.state].means;
  const next = item.nextAction.code === 'none' ? '' : ` Next: ${item.nextAction.code}.`;
  return `${HOW_IT_STANDS[item.state] ?? 'Not published'} (${item.state}). ${why}${next}`;
}

/** Said of an end that is no plain "not published". */
const HOW_IT_STANDS: Partial<Record<Item['state'], string>> = {
  outcome_unknown: 'Not known yet whether it is live',
  unconfirmed: 'Not known whether it is live',
  handoff_completed: 'Published by a person',
};
