// What a destination takes of a post that is being written: what counts in its text, what its media may be, and what it would
// refuse. No file is fetched for it: what they really are is read when the post is handed over.
import { html } from 'hono/html';
import { LIMITED_FACTS, limitWords } from '../../domain/schedules/media-limits.ts';
import type { MediaItem } from '../../domain/schedules/post.ts';
import type { FieldProblem } from '../../domain/schedules/schedule-request.ts';
import type { PlatformAdapter } from '../../platforms/contract.ts';
import type { Platforms } from '../../platforms/registry.ts';
import { type Html, NOTHING } from '../shell/parts.ts';
import { type Account, type Form, type ListedMedia, mediaOfForm, readNewForm } from './new-form.ts';

/** The limits of the chosen account's platform, with what was written held to them; nothing where none is chosen. */
export function newCheck(platforms: Platforms, accounts: readonly Account[], form: Form, zone: string): Html {
  const account =
    accounts.find(({ id, name }) => id === form.account || name === form.account) ??
    accounts.find(({ deleted }) => !deleted);
  const adapter = account && platforms.get(account.platform);
  if (!account || !adapter) return NOTHING;
  const text = (form.text ?? '').replaceAll('\r\n', '\n');
  const listed = mediaOfForm(form);
  const { request, problems } = readNewForm(form, zone);
  const options = adapter.optionsSchema.safeParse(request.options).data ?? {};
  const media = listed.map(standIn);
  const refused = adapter.check({ text, media }, options, account).filter(isKnown);
  const written = text !== '' || listed.length > 0;
  return html`${counts(adapter, text, options)}${written ? verdict(adapter, [...problems, ...refused], listed) : NOTHING}${takes(adapter)}`;
}

function counts({ textCounts }: PlatformAdapter, text: string, options: MadeOptions): Html {
  const lines = (textCounts?.(text, options) ?? []).map(
    ({ what, used, limit }) =>
      html`<li class="${used > limit ? 'bad' : 'fact'}">${used} of ${limit} ${what}${used > limit ? `, ${used - limit} too many` : NOTHING}</li>`,
  );
  return html`<ul class="lines">${lines}</ul>`;
}

type MadeOptions = Parameters<PlatformAdapter['check']>[1];

function verdict({ label }: PlatformAdapter, problems: readonly FieldProblem[], listed: readonly ListedMedia[]): Html {
  const unread = listed.length === 0 ? NOTHING : html` Its files are read when it is handed over.`;
  if (problems.length === 0) return html`<p class="fact">${label} takes it as it is.${unread}</p>`;
  return html`<p class="fact">${label} would not take it:${unread}</p><ul>${problems.map((problem) => html`<li class="bad">${said(problem)}</li>`)}</ul>`;
}

/** A problem of one field, in words. */
export function said({ field, problem, limit }: FieldProblem): string {
  const what = field === '' ? problem : `${field} ${problem}`;
  return limit && !what.includes(limit) ? `${what} (${limit})` : what;
}

/** A file is what its name says, until it is read; a name without an ending is taken for a picture. */
function standIn({ url, altText }: ListedMedia): MediaItem {
  const ending = /\.([a-z0-9]+)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase() ?? '';
  return {
    url,
    mediaType: TYPES.get(ending) ?? 'image/jpeg',
    sizeBytes: 1,
    ...(altText === undefined ? {} : { altText }),
  };
}

const TYPES: ReadonlyMap<string, MediaItem['mediaType']> = new Map([
  ['mp4', 'video/mp4'],
  ['mov', 'video/quicktime'],
  ['gif', 'image/gif'],
]);

/** Of an item that was not read only its number and its text are known. */
function isKnown({ field }: FieldProblem): boolean {
  return !/^media\.\d+/.test(field) || field.endsWith('.altText');
}

/** What an item may be, by its kind. */
function takes({ label, mediaLimits }: PlatformAdapter): Html {
  const kinds = [
    ['A picture', 'image/jpeg'],
    ['A video', 'video/mp4'],
  ] as const;
  const rows = kinds.flatMap(([kind, mediaType]) => {
    const limits = mediaLimits?.({ url: 'https://example.com/', mediaType, sizeBytes: 1 }) ?? [];
    if (limits.length === 0) return [];
    const words = limits.map((limit) => `${LIMITED_FACTS[limit.fact].toLowerCase()} ${limitWords(limit)}`);
    return [html`<div><dt>${kind}</dt><dd>${words.join('; ')}</dd></div>`];
  });
  return rows.length === 0
    ? NOTHING
    : html`<details><summary>What ${label} takes of media</summary><dl class="facts">${rows}</dl></details>`;
}
