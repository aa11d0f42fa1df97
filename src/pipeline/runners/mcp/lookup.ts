// Asks a tool whether an effect that happens once took place: it is told what the first tool was told, and answers as `lookup.ts`
// says, as its structured content or as a text that is JSON.
import { stageCause } from '../../../domain/pipeline/stage-causes.ts';
import { payloadsOf, textOf, toolResult } from '../../../platforms/mcp/payload.ts';
import type { ToolExchange } from '../../../transport/exchange.ts';
import { BadAnswer } from '../answer.ts';
import { concealer } from '../conceal.ts';
import { whileBeating } from '../heartbeat.ts';
import { filesOf } from '../http/reading.ts';
import { made } from '../keep.ts';
import { LONGEST_LOOK_MS, type Look, type Lookup, readFound, unreadable } from '../lookup.ts';
import type { StageWork } from '../runner.ts';
import { toldWhole } from '../told.ts';
import { type McpDeps, mcpStage } from './mcp.ts';

/** Calls the lookup tool of a stage whose runner is `mcp`. */
export function mcpLookup({ mcp, openMs }: McpDeps): Look {
  return async (work, control) => {
    const stage = mcpStage(work);
    if (!stage.lookup) return unreadable(stageCause('not_set_up', `The stage ${stage.id} names no lookup to ask.`));
    const { server, tool } = stage.lookup;
    const call = { server, tool, arguments: { ...(await toldWhole(work)), idempotency_key: work.key }, pin: null };
    const answerMs = Math.min(stage.timeoutMs, LONGEST_LOOK_MS);
    const exchange = await whileBeating(control, () => mcp.call(call, { openMs, answerMs }));
    return read(exchange, work, `${server}/${tool}`);
  };
}

function read(exchange: ToolExchange, work: StageWork, name: string): Lookup {
  const untold = (why: string, raw = '') =>
    unreadable(stageCause('answer_unreadable', `${name} could not say whether it took effect (${why}).`, raw));
  if (exchange.kind === 'answer') return untold(`its server answered ${exchange.status}`);
  if (exchange.kind !== 'tool_answer') return untold(exchange.detail);
  if ('error' in exchange) return untold(`error ${exchange.error.code}`, exchange.error.message);
  const result = toolResult(exchange.result);
  if (!result || exchange.misfit !== null) return untold(exchange.misfit ?? 'it is no result of a tool');
  if (result.isError) return untold('it answered with an error', textOf(result));
  try {
    const found = readFound(payloadsOf(result)[0]);
    if (!found) return { kind: 'absent' };
    const { files, evidence } = made(
      filesOf(found, work.stage),
      found,
      concealer([], () => false),
    );
    return { kind: 'found', files, ...(evidence === undefined ? {} : { evidence }) };
  } catch (error) {
    if (!(error instanceof BadAnswer)) throw error;
    return untold(error.message, textOf(result));
  }
}
