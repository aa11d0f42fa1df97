// Asks the lookup tool whether there is a page. What it answers is a page, none, or unreadable, and only the first two end it.
import { valueAt } from '../../domain/mcp/json-pointer.ts';
import type { ToolPublishing } from '../../domain/mcp/server.ts';
import { type Filling, filled, placeholdersOf } from '../../domain/mcp/template.ts';
import { toPlainText } from '../../domain/text/plain-text.ts';
import { redact } from '../../domain/text/redact.ts';
import type { ToolCall, ToolExchange } from '../../transport/exchange.ts';
import type { AccountSession } from '../sessions.ts';
import { StepRefused, StepUnanswered } from '../step-errors.ts';
import { type ReadPage, readPage } from './answer.ts';
import { mcpCause, resumeAfter } from './causes.ts';
import { payloadsOf, type ToolResult, textOf, toolResult } from './payload.ts';
import { callOf, type Site, toolRefused } from './site.ts';

export type Lookup = NonNullable<ToolPublishing['lookup']>;

/** By what it asks. */
export const asksBy = (lookup: Lookup, name: 'slug' | 'idempotency_key'): boolean =>
  placeholdersOf(lookup.arguments).includes(name);

/** `gate`: before anything of this attempt was sent. */
export type AskingStage = 'gate' | 'reconcile';

const TRIES = 3;
const FIRST_PAUSE_MS = 500;

/** The page, or null where the site says that there is none. @throws StepRefused | StepUnanswered when it could not be read */
export async function lookUp(
  session: AccountSession,
  site: Site,
  lookup: Lookup,
  { filling, stage }: { readonly filling: Filling; readonly stage: AskingStage },
): Promise<ReadPage | null> {
  const call = callOf(session, site, { tool: lookup.tool, arguments: filled(lookup.arguments, filling) });
  const result = await ask(session, call, stage);
  const unreadable = (why: string) =>
    new StepUnanswered(stage, `the answer of the tool ${lookup.tool} is unreadable: ${why}`);
  if (result.isError) throw unreadable(`it is an error (${shown(textOf(result))})`);
  if (foundIn(result, lookup, unreadable) === 'none') return null;
  const page = readPage(result, site.publishing.answers);
  if (page === null) throw unreadable('none of the shapes in the settings fits it');
  return page;
}

async function ask(session: AccountSession, call: ToolCall, stage: AskingStage): Promise<ToolResult> {
  let last: ToolExchange | null = null;
  for (let tried = 0; tried < TRIES; tried += 1) {
    if (tried > 0) await session.wait(FIRST_PAUSE_MS * 2 ** (tried - 1));
    last = await session.mcp.call(call);
    if (last.kind === 'not_sent' && last.reason === 'tool_changed') throw toolRefused(last.detail);
    if (last.kind === 'answer' && last.status < 500 && last.status !== 408) break;
    if (last.kind === 'tool_answer') break;
  }
  return resultOf(session, call, { last, stage });
}

function resultOf(
  session: AccountSession,
  { tool, server }: ToolCall,
  { last, stage }: { readonly last: ToolExchange | null; readonly stage: AskingStage },
): ToolResult {
  const unanswered = (why: string) => new StepUnanswered(stage, `the tool ${tool} of ${server} ${why}`);
  if (last?.kind === 'tool_answer') {
    if ('error' in last)
      throw unanswered(`answered unreadable: error ${last.error.code} (${shown(last.error.message)})`);
    const result = toolResult(last.result);
    if (result === null || last.misfit !== null)
      throw unanswered(`answered unreadable: ${shown(last.misfit ?? 'no result')}`);
    if (result.resultType !== undefined && result.resultType !== 'complete') {
      throw unanswered('answered unreadable: it asks for more instead of answering');
    }
    return result;
  }
  if (last?.kind === 'answer')
    throw httpRefusal(session, last, { stage, server }) ?? unanswered(`was answered ${last.status}`);
  const what = last?.kind === 'not_sent' ? 'was not asked' : 'gave no answer';
  throw unanswered(`${what} (${last?.detail ?? 'nothing was tried'})`);
}

/** Only a throttle is believed of whatever stands in between; before anything was sent also a refused token. */
export function httpRefusal(
  session: AccountSession,
  { status, headers }: Extract<ToolExchange, { kind: 'answer' }>,
  { stage, server }: { readonly stage: AskingStage | 'grant'; readonly server: string },
): StepRefused | null {
  const facts = { stage, httpStatus: status, source: 'normalized_bucket' } as const;
  if (status === 429) {
    const text = `The MCP server ${server} throttles.`;
    const resumeAt = resumeAfter(headers['retry-after'], session.now());
    return new StepRefused(mcpCause({ ...facts, code: 'rate_limited', text, resumeAt }));
  }
  if (stage === 'reconcile' || (status !== 401 && status !== 403)) return null;
  return new StepRefused(
    mcpCause({
      ...facts,
      code: status === 401 ? 'auth_failed' : 'permissions_missing',
      text: tokenText(session, server, status),
    }),
  );
}

export function tokenText(session: AccountSession, server: string, status: number): string {
  const variable = session.mcp.named(server)?.secretVariable;
  const where = variable ? `a good one into ${variable}` : 'secret_env and a token into the settings of it';
  return `The MCP server ${server} refuses its token (${status}), so nothing was published; put ${where}, start the workers again, then replay.`;
}

/** Whether there is a page, from the one place where the answer says so. */
function foundIn(result: ToolResult, { found }: Lookup, unreadable: (why: string) => StepUnanswered): 'some' | 'none' {
  const [payload] = payloadsOf(result);
  if (payload === undefined) throw unreadable('it holds no JSON');
  if (errorBeside(payload)) throw unreadable('an error stands in it');
  const told = valueAt(payload, found ?? '');
  if (Array.isArray(told)) {
    if (told.length > 1) throw unreadable(`it holds ${told.length} pages, and one was asked for`);
    return told.length === 0 ? 'none' : 'some';
  }
  if (told === null || told === false || told === 0) return 'none';
  if (found === null || told === true || (typeof told === 'object' && told !== undefined)) return 'some';
  if (told === 1) return 'some';
  throw unreadable(told === undefined ? `nothing stands at ${found}` : `what stands at ${found} is no yes and no no`);
}

function errorBeside(payload: unknown): boolean {
  const error = valueAt(payload, '/error');
  return error !== undefined && error !== null && error !== false && error !== '';
}

/** A site's own words, without secrets, in one short line. */
function shown(text: string): string {
  return toPlainText(redact(text, null), 200).replaceAll(/\s+/g, ' ').trim() || 'no words';
}
