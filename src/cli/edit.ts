// `oncepost edit`: makes a new version of a post that has not left.
import { Command } from 'commander';
import type { EditRequest } from '../domain/schedules/edit.ts';
import type { Env } from '../runtime/env.ts';
import { assertReadable } from './arguments.ts';
import { CommandRefused } from './command-refused.ts';
import { readOptions } from './publish.ts';
import { type TextOptions, textOf } from './text-file.ts';
import { print, withClient } from './with-client.ts';

interface EditOptions extends TextOptions {
  readonly fingerprint: string;
  readonly media?: readonly string[];
  readonly alt?: readonly string[];
  readonly options?: string;
  readonly at?: string;
  readonly before?: string;
  readonly account?: string;
  readonly approvalRequired?: boolean;
  readonly json?: true;
}

const repeated = (value: string, before: readonly string[] = []) => [...before, value];

export function editCommand(env: Env): Command {
  return new Command('edit')
    .description('make a new version of exactly the version that you looked at; what is left out stays')
    .argument('<id>', "the schedule's id")
    .requiredOption('--fingerprint <fingerprint>', 'the version, as the record of the schedule shows it')
    .option('--text <text>', 'another text')
    .option('--text-file <file>', 'another text from a file, as UTF-8; - for stdin')
    .option('--media <url>', 'in the place of all media: a picture or video by its address; may be repeated', repeated)
    .option('--alt <text>', 'the alternative text of the picture at the same place; may be repeated', repeated)
    .option('--options <json>', "the platform's own options as JSON")
    .option('--at <instant>', 'when, as ISO 8601 with an offset; "now": at once')
    .option('--before <instant>', 'its last moment; "never": it has none')
    .option('--account <id>', 'another connected account of the same platform, by its id')
    .option('--approval-required', 'publish only once this version is approved')
    .option('--no-approval-required', 'it needs no approval')
    .option('--json', 'print the answer as JSON')
    .action((id: string, options: EditOptions) =>
      withClient(env, async (client) => {
        const edited = await client.edit(id, requestOf({ ...options, ...given(await textOf(options)) }));
        const { changed, fingerprint } = edited;
        const what = changed.length === 0 ? 'It is as it was' : `Changed: ${changed.join(', ')}`;
        print(edited, options.json, () => `${what}. The version is ${fingerprint} now.`);
      }),
    );
}

const given = (text: string | undefined) => (text === undefined ? {} : { text });

function requestOf({
  fingerprint,
  text,
  options,
  at,
  before,
  account,
  approvalRequired,
  textFile: _,
  ...media
}: EditOptions) {
  assertReadable({ text, options });
  return {
    expectedFingerprint: fingerprint,
    ...(text === undefined ? {} : { text }),
    ...mediaOf(media),
    ...(options === undefined ? {} : { options: readOptions(options) }),
    ...(at === undefined ? {} : { publishAt: at === 'now' ? null : at }),
    ...(before === undefined ? {} : { publishBefore: before === 'never' ? null : before }),
    ...(account === undefined ? {} : { accountId: account }),
    ...(approvalRequired === undefined ? {} : { approvalRequired }),
  };
}

function mediaOf({ media = [], alt = [] }: Pick<EditOptions, 'media' | 'alt'>): Pick<EditRequest, 'media'> {
  assertReadable(Object.fromEntries(alt.map((words, place) => [`media.${place}.altText`, words])));
  if (alt.length > media.length) {
    throw new CommandRefused(
      `There are ${alt.length} --alt for ${media.length} --media, so nothing was changed; name every --media again, each with one --alt at most.`,
    );
  }
  if (media.length === 0) return {};
  return { media: media.map((url, place) => ({ url, ...(alt[place] === undefined ? {} : { altText: alt[place] }) })) };
}
