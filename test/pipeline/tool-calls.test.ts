// Stages whose effect outside must not happen twice by itself, over each runner: lost answers, and people who are asked. The site's
// own record of what it did is the judge.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunView } from '../../src/domain/pipeline/run-view.ts';
import { toolCalls } from '../../src/ledger/schema/tool-calls.ts';
import { attemptsOf, callsOf, type EffectsPlace, openEffectsPlace, RUNNERS } from './effects-place.ts';

let effects: EffectsPlace;
beforeAll(async () => {
  effects = await openEffectsPlace();
});
afterAll(() => effects.close());

describe.each(RUNNERS)('a stage of runner %s whose effect happens once', (runner) => {
  it('is on record before it is asked for, and settled by the answer', async () => {
    const id = await effects.start(`${runner}-looks`, null);
    const view = await effects.untilMade(id);
    expect(callsOf(view)).toEqual([['succeeded', 1, 'answer']]);
    expect(effects.site.effects(id)).toEqual([view.toolCalls[0]?.key]);
    expect(await effects.audited(id)).toEqual(['tool_call.attempted', 'tool_call.succeeded']);
  });

  it.each(['done_no_answer', 'done_reset', 'done_garbled'] as const)(
    'is looked for after %s, found, and not asked for again',
    async (fault) => {
      const id = await effects.start(`${runner}-looks`, fault);
      const view = await effects.untilMade(id);
      expect(effects.site.effects(id)).toHaveLength(1);
      expect(callsOf(view)).toEqual([['succeeded', 1, 'lookup']]);
      expect(attemptsOf(view)).toEqual([
        [1, 'unknown'],
        [2, 'already_true'],
      ]);
      expect(await effects.audited(id)).toEqual(['tool_call.attempted', 'tool_call.unknown', 'tool_call.succeeded']);
    },
  );

  it('that got lost is called absent by two looks after its time, and asked for once more', async () => {
    const id = await effects.start(`${runner}-looks`, 'lost');
    const view = await effects.untilMade(id);
    expect(effects.site.effects(id)).toHaveLength(1);
    expect(effects.site.looks(view.toolCalls[0]?.key ?? '')).toBeGreaterThanOrEqual(2);
    expect(callsOf(view)).toEqual([['succeeded', 2, 'answer']]);
    expect(await effects.audited(id)).toEqual([
      'tool_call.attempted',
      'tool_call.unknown',
      'tool_call.failed',
      'tool_call.attempted',
      'tool_call.succeeded',
    ]);
  });

  it('that cannot be looked for yet is not asked for again meanwhile', async () => {
    effects.site.blind = true;
    const id = await effects.start(`${runner}-looks`, 'done_reset');
    const waits = await effects.untilLooksAgain(id);
    expect(waits.stages.find(({ id: stage }) => stage === 'make')?.says).toMatch(
      /^It may have taken effect, and that could not be told: .*It is looked again by itself\.$/,
    );
    effects.site.blind = false;
    const view = await effects.untilMade(id);
    expect(effects.site.effects(id)).toHaveLength(1);
    expect(callsOf(view)).toEqual([['succeeded', 1, 'lookup']]);
  });

  it('asks a person where nobody can be asked: trying again does it again, by their word', async () => {
    const id = await effects.start(`${runner}-blind`, 'lost');
    const asked = await effects.untilAsked(id);
    expect(asked.stages.find(({ id: stage }) => stage === 'make')?.cause?.code).toBe('outcome_unknown');
    expect(callsOf(asked)).toEqual([['unknown', 1, null]]);
    await effects.say(id, 'retry', { note: 'It is not there.' });
    const view = await effects.untilMade(id);
    expect(effects.site.effects(id)).toHaveLength(1);
    expect(callsOf(view)).toEqual([['succeeded', 2, 'answer']]);
    expect(await effects.audited(id)).toEqual([
      'tool_call.attempted',
      'tool_call.unknown',
      'tool_call.failed',
      'tool_call.attempted',
      'tool_call.succeeded',
    ]);
  });

  it('asks a person where nobody can be asked: handing in its result settles it', async () => {
    const id = await effects.start(`${runner}-blind`, 'done_reset');
    await effects.untilAsked(id);
    await effects.say(id, 'submit', { stage: 'make', files: { 'made.md': 'It was made.\n' } });
    const view = await effects.untilMade(id);
    expect(effects.site.effects(id)).toHaveLength(1);
    expect(callsOf(view)).toEqual([['succeeded', 1, 'person']]);
  });

  it('whose repeat is harmless is asked for again with the same key', async () => {
    const id = await effects.start(`${runner}-keyed`, 'done_reset');
    await effects.place.untilRun(id, 'has failed', ({ run }) => run.state === 'failed');
    await effects.say(id, 'retry', {});
    const view = await effects.untilMade(id);
    const [first, second] = effects.site.effects(id);
    expect(first).toBe(second);
    expect(callsOf(view)).toEqual([['succeeded', 2, 'answer']]);
  });

  it('is not made where another request stands on record under its key', async () => {
    const id = await effects.start(`${runner}-keyed`, 'done_reset');
    await effects.place.untilRun(id, 'has failed', ({ run }) => run.state === 'failed');
    const { db } = effects.place.stage.context.ledger;
    await db
      .update(toolCalls)
      .set({ requestHash: 'f'.repeat(64) })
      .where(eq(toolCalls.task, id));
    await effects.say(id, 'retry', {});
    const gone = ({ run }: RunView) => run.state === 'blocked' || run.stage === 'read';
    const stopped = await effects.place.untilRun(id, 'is blocked, or has gone on', gone);
    expect(stopped.stages.find(({ id: stage }) => stage === 'make')?.cause).toMatchObject({
      code: 'call_mismatch',
      nextAction: 'mend_then_retry',
    });
    expect(effects.site.effects(id)).toHaveLength(1);
    expect((await effects.auditOf(id)).at(-1)).toMatchObject({
      type: 'tool_call.deduped',
      payload: { mismatch: true },
    });
    const { alarms } = await effects.place.api.client().alarms({ kind: 'call_mismatch' });
    expect(alarms.filter(({ says }) => says.includes(id))).toMatchObject([{ mode: 'F-10', state: 'open', count: 1 }]);
  });

  it('is not asked for again by a run that goes back and comes with the same inputs', async () => {
    const id = await effects.start(`${runner}-looks`, null);
    await effects.untilMade(id);
    await effects.say(id, 'retry', { stage: 'write' });
    await effects.write(id);
    const view = await effects.untilMade(id);
    expect(effects.site.effects(id)).toHaveLength(1);
    expect(attemptsOf(view)).toEqual([
      [1, 'succeeded'],
      [2, 'already_true'],
    ]);
    expect(await effects.audited(id)).toEqual(['tool_call.attempted', 'tool_call.succeeded', 'tool_call.deduped']);
  });
});
