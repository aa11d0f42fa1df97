// Stages that a tool of an MCP server does, by one call.
//
// The tool is called with {run, stage, inputs, outputs} as a stage of runner `http` is, and `idempotency_key`, which is `stage.key`. It
// answers with {"artifacts": ..., "evidence": ...} or {"refused": ...} as its structured content, or as a text that is JSON.
//
// What is no such answer leaves open whether it took effect (platform reference 9.4), unless the tool or the protocol says that
// nothing was done.
import { z } from 'zod';
import type { Effect, StageOf } from '../../../domain/pipeline/contract.ts';
import { stageCause } from '../../../domain/pipeline/stage-causes.ts';
import { toldError } from '../../../platforms/mcp/causes.ts';
import { payloadsOf, type ToolResult, textOf, toolResult } from '../../../platforms/mcp/payload.ts';
import { wasNotRun } from '../../../platforms/mcp/was-not-run.ts';
import type { HttpAnswer, ToolAnswer, ToolExchange } from '../../../transport/exchange.ts';
import type { McpDoor } from '../../../transport/mcp/door.ts';
import { BadAnswer, readAnswer } from '../answer.ts';
import { concealer } from '../conceal.ts';
import { brokeOff, cutShort, isTimeOver } from '../endings.ts';
import { whileBeating } from '../heartbeat.ts';
import { filesOf, type Around as HttpAround } from '../http/reading.ts';
import { takesNoMore } from '../http/retry-after.ts';
import { made } from '../keep.ts';
import type { Run, StageEnd, StageWork } from '../runner.ts';
import { toldWhole } from '../told.ts';

export interface McpDeps {
  readonly mcp: McpDoor;
  /** How long a server may take to come to the call. */
  readonly openMs: number;
  now(): Date;
}

/** Calls the tool of a stage whose runner is `mcp`. */
export function mcpRunner({ mcp, openMs, now }: McpDeps): Run {
  return async (work, control) => {
    const { server, tool, timeoutMs } = mcpStage(work);
    const told = { ...(await toldWhole(work)), idempotency_key: work.key };
    const call = { server, tool, arguments: told, pin: null };
    const { signal } = control;
    // Gated, so that what did not leave is known not to have left.
    const gate = { mayLeave: () => control.mayLeave(), left: async () => {} };
    const exchange = await whileBeating(control, () => mcp.create(call, { openMs, answerMs: timeoutMs, signal }, gate));
    return readTool(exchange, work, `${server}/${tool}`, { signal, now: now() });
  };
}

export function mcpStage({ stage }: StageWork): StageOf<'mcp'> {
  if (stage.runner !== 'mcp') throw new TypeError(`the stage ${stage.id} is none of runner mcp`);
  return stage;
}

type Around = Pick<HttpAround, 'signal' | 'now'>;

/** Never throws for what the other side does. */
function readTool(exchange: ToolExchange, work: StageWork, name: string, { signal, now }: Around): StageEnd {
  const { effect } = work.stage;
  switch (exchange.kind) {
    case 'not_sent': {
      const changed = exchange.reason === 'tool_changed';
      const next = changed ? 'allow the tool as it is now, or put it back' : 'see that its server is up';
      const text = `${name} was not called (${exchange.detail}), so nothing was done; ${next}, then retry.`;
      return { kind: 'failed', cause: stageCause(changed ? 'not_set_up' : 'unreachable', text) };
    }
    case 'no_answer': {
      const late = exchange.reason === 'timeout' || isTimeOver(signal);
      const text = `${name} was called and its answer did not come (${exchange.detail}).`;
      return cutShort(effect, stageCause(late ? 'timed_out' : 'answer_unreadable', text));
    }
    case 'answer':
      return readStatus(exchange, effect, name, now);
    case 'tool_answer':
      return readAnswered(exchange, work, name);
  }
}

/** What the HTTP side said in the place of the protocol's own words. */
function readStatus(answer: HttpAnswer, effect: Effect, name: string, now: Date): StageEnd {
  const { status } = answer;
  if (status === 429) return takesNoMore(`The server of ${name}`, answer, now);
  if (status < 400 || status >= 500 || status === 408) {
    return cutShort(effect, stageCause('answer_unreadable', `The server of ${name} answered ${status}.`));
  }
  const text = `The server of ${name} refused the call (${status}), so nothing was done; mend what it asks for, then retry.`;
  return { kind: 'failed', cause: stageCause('refused', text) };
}

/** Of JSON-RPC: what was asked cannot be asked, so nothing was done. */
const NOT_EXECUTED = new Set([-32_700, -32_600, -32_601, -32_602]);

const MEND = 'mend what it names, then retry.';

function readAnswered(answer: ToolAnswer, work: StageWork, name: string): StageEnd {
  const { effect } = work.stage;
  if ('error' in answer) {
    const { code, message } = answer.error;
    const text = `${name} was refused (${code})`;
    if (!NOT_EXECUTED.has(code)) return cutShort(effect, stageCause('refused', `${text}.`, message));
    return { kind: 'failed', cause: stageCause('refused', `${text}, so nothing was done; ${MEND}`, message) };
  }
  const result = toolResult(answer.result);
  if (!result || answer.misfit !== null) {
    const why = answer.misfit ?? 'it is no result of a tool';
    return cutShort(effect, stageCause('answer_unreadable', `The answer of ${name} could not be read: ${why}.`));
  }
  if (result.resultType === 'input_required') {
    return {
      kind: 'failed',
      cause: stageCause('refused', `${name} asks for more than it was given, so nothing was done; ${MEND}`),
    };
  }
  return result.isError ? readError(result, work, name) : readMade(result, work, name);
}

/** A tool that failed may have done it first, unless it says otherwise. */
function readError(result: ToolResult, work: StageWork, name: string): StageEnd {
  const { text, executed } = toldError(result);
  const said = `${name} answered with an error`;
  if (executed !== false && !wasNotRun(textOf(result), mcpStage(work).tool)) {
    return cutShort(work.stage.effect, stageCause('refused', `${said}.`, text));
  }
  return { kind: 'failed', cause: stageCause('refused', `${said}, and nothing was done; ${MEND}`, text) };
}

const groupSchema = z.looseObject({});

function readMade(result: ToolResult, work: StageWork, name: string): StageEnd {
  const group = payloadsOf(result).find((payload) => groupSchema.safeParse(payload).success);
  const conceal = concealer([], () => false);
  try {
    const answer =
      group === undefined && work.stage.artifacts.length === 0
        ? {}
        : readAnswer(new TextEncoder().encode(JSON.stringify(group ?? null)));
    if (answer.refused === undefined) return made(filesOf(answer, work.stage), answer, conceal);
    return { kind: 'failed', cause: stageCause('refused', `${name} refused: ${conceal.text(answer.refused)}`) };
  } catch (error) {
    if (!(error instanceof BadAnswer)) throw error;
    return brokeOff(
      work.stage.effect,
      stageCause(error.code, `${name} answered, but: ${error.message}`, textOf(result)),
    );
  }
}
