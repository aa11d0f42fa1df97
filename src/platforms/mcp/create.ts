// The point of no return: one call of the tool that creates, and what its answer means (platform reference 9.4, row by row).
import { z } from 'zod';
import type { Cause } from '../../domain/causes/causes.ts';
import { bodyJson, bodyText, type HttpAnswer, type ToolAnswer } from '../../transport/exchange.ts';
import { markOf } from '../blog/mark.ts';
import type { CreateReading, ToolCreate } from '../create-and-look.ts';
import type { PlatformSession } from '../sessions.ts';
import { readPage } from './answer.ts';
import { argumentsFor, optionsOf } from './arguments.ts';
import { type CauseFacts, codeOfText, mcpCause, resumeAfter, toldError } from './causes.ts';
import { tokenText } from './lookup.ts';
import { type ToolResult, textOf, toolResult } from './payload.ts';
import { SLUG_FREE } from './prepare.ts';
import { callOf, serverName, siteOf } from './site.ts';
import { wasNotRun } from './was-not-run.ts';

/** Builds the call. Sends nothing. @throws StepRefused where the settings have no such site, or the tool was never allowed */
export function create(session: PlatformSession): ToolCreate {
  const site = siteOf(session);
  const { create: template } = site.publishing;
  const args = argumentsFor(template, session.post);
  return {
    toolCall: callOf(session, site, { tool: template.tool, arguments: args }),
    markers: {
      key: markOf(session.post),
      slug: optionsOf(session.post).slug,
      slugFree: session.remote.get(SLUG_FREE) === true,
    },
  };
}

/** Never throws. */
export function readCreate(answer: HttpAnswer | ToolAnswer, session: PlatformSession): CreateReading {
  if (answer.kind === 'answer') return readHttp(answer, session);
  if ('error' in answer) return readError(answer.error);
  const result = toolResult(answer.result);
  if (result === null) return unreadable('it is no result of a tool');
  const reading = readResult(result, answer.misfit, session);
  return reading.kind === 'refused' && showsOurs(result, session) ? contradicted(reading.cause, result) : reading;
}

function readResult(result: ToolResult, misfit: string | null, session: PlatformSession): CreateReading {
  if (result.resultType !== undefined && result.resultType !== 'complete') return readIncomplete(result.resultType);
  if (misfit !== null) return unreadable(misfit);
  return result.isError ? readFailure(result, session) : readPageMade(result, session);
}

/** Whether it shows a page that may be ours, as every page may but one that was made with another key. */
function showsOurs(result: ToolResult, session: PlatformSession): boolean {
  const page = readPage(result, siteOf(session).publishing.answers);
  return page !== null && (page.key === null || page.key === markOf(session.post));
}

/** It says that nothing was done, and shows what was. */
function contradicted(ifAbsent: Cause, result: ToolResult): CreateReading {
  const text = `The tool says that it did nothing, and shows a page in the same answer. ${ASKED_FIRST}`;
  return asked(ifAbsent, { text, said: textOf(result) });
}

const unclear = (facts: Omit<CauseFacts, 'stage' | 'code'>): CreateReading => ({
  kind: 'unclear',
  cause: mcpCause({ ...facts, code: 'unknown', stage: 'create' }),
});

const asked = (ifAbsent: Cause, facts: Omit<CauseFacts, 'stage' | 'code'>): CreateReading => ({
  kind: 'unclear',
  cause: mcpCause({ ...facts, code: 'unknown', stage: 'create' }),
  ifAbsent,
});

const refused = (facts: Omit<CauseFacts, 'stage'>): CreateReading => ({
  kind: 'refused',
  cause: mcpCause({ ...facts, stage: 'create' }),
});

const ASKED_FIRST = 'Whether the page is live is not known; the site is asked before anything else is sent.';

function unreadable(why: string): CreateReading {
  return unclear({ text: `The answer of the tool is unreadable. ${ASKED_FIRST}`, said: why });
}

/** It asks for more: nothing is published yet, and nobody answers it. */
function readIncomplete(resultType: string): CreateReading {
  if (resultType !== 'input_required') return unreadable(`its result is ${resultType}`);
  const text =
    'The tool asks for more input before it does anything, so nothing was published; choose a tool that takes all in its arguments, then replay.';
  return refused({ code: 'publish_failed', text });
}

function readPageMade(result: ToolResult, session: PlatformSession): CreateReading {
  const page = readPage(result, siteOf(session).publishing.answers);
  if (page === null) return unreadable(textOf(result));
  if (page.status === 'draft') {
    return unclear({ text: `The site made page ${page.id} as a draft, which readers do not see. ${ASKED_FIRST}` });
  }
  const { slug } = optionsOf(session.post);
  if (page.slug === slug) return { kind: 'live', platformPostId: page.id, url: page.url ?? undefined };
  // What a site does to a slug that is taken: perhaps by an earlier create of this very post.
  const text = `The site made page ${page.id} under the slug ${page.slug} where ${slug} was asked for, as sites do when a page has it already. ${ASKED_FIRST}`;
  return { kind: 'unclear', duplicate: true, cause: mcpCause({ code: 'publish_failed', stage: 'create', text }) };
}

/** A tool that failed has perhaps done its work before that, unless it says that it has not. */
function readFailure(result: ToolResult, session: PlatformSession): CreateReading {
  const { code, source, text, executed, retryAfterSeconds } = toldError(result);
  const said = text;
  if (executed !== false && wasNotRun(textOf(result), siteOf(session).publishing.create.tool)) {
    return refused({
      code: 'publish_failed',
      source: 'raw_error_signature',
      text: 'The server did not run the tool, so nothing was published.',
      said,
    });
  }
  const resumeAt = resumeAfter(retryAfterSeconds, session.now());
  const failure = { code, source, said, resumeAt };
  if (executed === false) return refused({ ...failure, text: 'The tool refused, and says that it did nothing.' });
  const ifAbsent = mcpCause({ ...failure, stage: 'create', text: 'The tool failed, and the page never appeared.' });
  return asked(ifAbsent, { source, text: `The tool failed. ${ASKED_FIRST}`, said });
}

/**
 * Errors of JSON-RPC and of the protocol that come before a tool is run: parse error, invalid request, unknown method, bad
 * parameters or unknown tool, and of the revision 2026-07-28 headers that differ, a capability or version that is missing.
 */
const BEFORE_IT_RAN = new Set([-32_700, -32_600, -32_601, -32_602, -32_020, -32_021, -32_022]);

function readError({ code, message }: { readonly code: number; readonly message: string }): CreateReading {
  const said = `${code} ${message}`;
  // A server that checks what its tool put out has run it.
  if (BEFORE_IT_RAN.has(code) && !/\b(?:output|structured content)\b/i.test(message)) {
    const text = 'The server did not run the tool, so nothing was published.';
    return refused({ code: 'publish_failed', source: 'raw_error_signature', text, said });
  }
  const ifAbsent = mcpCause({
    code: codeOfText(message),
    source: 'normalized_bucket',
    stage: 'create',
    text: 'The server failed, and the page never appeared.',
    said,
  });
  return asked(ifAbsent, { text: `The server failed. ${ASKED_FIRST}`, said });
}

const errorBodySchema = z.object({ error: z.object({ code: z.int(), message: z.string() }) });

/** What the HTTP side said in the place of the protocol: 401, 403, 404 and 429 come before the message is taken. */
function readHttp(answer: HttpAnswer, session: PlatformSession): CreateReading {
  const { status, headers } = answer;
  const server = serverName(session);
  const facts = { httpStatus: status, source: 'normalized_bucket', said: bodyText(answer).slice(0, 4_000) } as const;
  if (status === 401) return refused({ ...facts, code: 'auth_failed', text: tokenText(session, server, status) });
  if (status === 403)
    return refused({ ...facts, code: 'permissions_missing', text: tokenText(session, server, status) });
  if (status === 404) {
    const text = `Nothing answers at the address of the MCP server ${server} (404), so nothing was published; correct it in temporal.yaml, then replay.`;
    return refused({ ...facts, code: 'publish_failed', text });
  }
  if (status === 429) {
    const resumeAt = resumeAfter(headers['retry-after'], session.now());
    return refused({ ...facts, code: 'rate_limited', text: `The MCP server ${server} throttles.`, resumeAt });
  }
  const error = errorBodySchema.safeParse(bodyJson(answer)).data?.error;
  if (status >= 400 && error) return readError(error);
  return unclear({ ...facts, text: `The answer to the call is unreadable (HTTP ${status}). ${ASKED_FIRST}` });
}
