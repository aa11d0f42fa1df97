// The form of a new post, and the request it becomes.
import { html } from 'hono/html';
import type { FieldProblem } from '../../domain/schedules/schedule-request.ts';
import { instantOfLocal } from '../../domain/text/local-time.ts';
import type { accountsOf } from '../../ledger/accounts/accounts.ts';
import type { PageContext } from '../deps.ts';
import { type Html, NOTHING, platformLabel, postForm } from '../shell/parts.ts';

export type Form = Readonly<Record<string, string>>;
export type Account = Awaited<ReturnType<typeof accountsOf>>[number];

/** More than that are found by typing a name. */
const MOST_OPTIONS = 200;

/** The form with what was sent before, and the answer of the check below the text. */
export function newForm(c: PageContext, accounts: readonly Account[], form: Form, check: Html): Html {
  const standing = accounts.filter(({ deleted }) => !deleted);
  const options = standing.map(
    ({ id, name, platform }) =>
      html`<option value="${id}" ${form.account === id ? html`selected` : NOTHING}>${name} (${platformLabel(c, platform)})</option>`,
  );
  const account =
    standing.length > MOST_OPTIONS
      ? html`<input name="account" required value="${form.account ?? ''}" placeholder="name or id">`
      : html`<select name="account" required>${options}</select>`;
  const content = html`<label>Account ${account}</label>
<label>Text <textarea name="text" rows="6" maxlength="25000">${form.text ?? ''}</textarea></label>
<div id="check" aria-live="polite">${check}</div>
<label>Media, one address a line; behind a blank its alternative text <textarea name="media" rows="3">${form.media ?? ''}</textarea></label>
<label>When (${c.get('zone')}); at once where it is left empty <input type="datetime-local" name="publishAt" value="${form.publishAt ?? ''}"></label>
<label>Not after (${c.get('zone')}); as the workspace has it where it is left empty <input type="datetime-local" name="publishBefore" value="${form.publishBefore ?? ''}"></label>
<label><input type="checkbox" name="approvalRequired" value="yes" ${form.approvalRequired ? html`checked` : NOTHING}> Only once it is approved</label>
<details ${form.options ? html`open` : NOTHING}><summary>Options of the destination</summary><label>As JSON <textarea name="options" rows="3">${form.options ?? ''}</textarea></label></details>
<input type="hidden" name="id" value="${form.id ?? ''}">
<span class="ends"><button class="main">Hand it over</button> <button formaction="/schedules/check" formnovalidate>Check it</button> <a href="/schedules">Leave it</a></span>`;
  const checks = html`class="fields narrow" hx-post="/schedules/check" hx-trigger="input changed delay:400ms" hx-target="#check" hx-swap="innerHTML"`;
  return postForm(c, '/schedules/new', content, checks);
}

export type ReadForm = {
  readonly request: Readonly<Record<string, unknown>>;
  readonly problems: readonly FieldProblem[];
};

/** The request a form means, as far as it can be read. */
export function readNewForm(form: Form, zone: string): ReadForm {
  const { account, text = '', media = '', publishAt, publishBefore, approvalRequired, options, id } = form;
  const at = publishAt ? instantOfLocal(publishAt, zone) : null;
  const before = publishBefore ? instantOfLocal(publishBefore, zone) : null;
  const read = readOptions(options);
  const problems = [
    ...(publishAt && at === null ? [{ field: 'publishAt', problem: 'must be a day and a time' }] : []),
    ...(publishBefore && before === null ? [{ field: 'publishBefore', problem: 'must be a day and a time' }] : []),
    ...(read === null ? [{ field: 'options', problem: 'must be a JSON object, like {"replyToPostId": "123"}' }] : []),
  ];
  const request = {
    account,
    // A browser sends lines with CRLF, whatever was typed.
    text: text.replaceAll('\r\n', '\n'),
    media: readMedia(media),
    publishAt: at?.toISOString() ?? null,
    publishBefore: before?.toISOString() ?? null,
    approvalRequired: approvalRequired !== undefined,
    options: read ?? {},
    ...(id ? { id } : {}),
  };
  return { request, problems };
}

/** One line of the field of media. */
export interface ListedMedia {
  readonly url: string;
  readonly altText?: string;
}

/** The media that a form lists. */
export function mediaOfForm({ media = '' }: Form): ListedMedia[] {
  return readMedia(media);
}

function readMedia(text: string): ListedMedia[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.flatMap((line) => {
    const [url = '', ...alt] = line.split(/\s+/);
    if (url === '') return [];
    return [{ url, ...(alt.length === 0 ? {} : { altText: alt.join(' ') }) }];
  });
}

function readOptions(text: string | undefined): object | null {
  if (text === undefined || text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
