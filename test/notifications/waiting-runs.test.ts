// Runs that wait for somebody are told of after a while, and again after each while, though no timer of theirs runs.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remindersDue } from '../../src/domain/notifications/waiting-run.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import type { Stage } from '../harness/stage.ts';
import { openStage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { WORKSPACE } from '../harness/workflow-id.ts';
import { look, messages, SECRETS, webhook } from './place.ts';
import { openReceiver, type Receiver } from './receiver.ts';

const HOUR = 3_600_000;

describe('of a run that waits, with reminders after 4 hours and then each day', () => {
  it.each([
    [0, 0],
    [4 * HOUR - 1, 0],
    [4 * HOUR, 1],
    [28 * HOUR - 1, 1],
    [28 * HOUR, 2],
    [76 * HOUR, 4],
  ])('after %d ms reminder %d is due', (waitedMs, number) => {
    expect(remindersDue(waitedMs, { afterMs: 4 * HOUR, everyMs: 24 * HOUR })).toBe(number);
  });
});

describe('a channel', () => {
  let receiver: Receiver;
  let stage: Stage;
  let api: TestApi;
  beforeAll(async () => {
    receiver = await openReceiver();
    stage = await openStage({
      'notifications.private_addresses': true,
      'notifications.run_waits_after': '1s',
      'notifications.run_waits_every': '90d',
      'notifications.workspaces': { [WORKSPACE]: { channels: { desk: webhook(receiver.url, ['run_waits']) } } },
      pipelines: {
        letter: {
          inputs: [{ name: 'brief.md', media_type: 'text/markdown' }],
          stages: ['write', 'check'].map((id, at) => ({
            id,
            runner: 'human',
            asks: `Somebody has to ${id} it.`,
            inputs: [at === 0 ? 'brief.md' : 'write.md'],
            artifacts: [{ name: `${id}.md`, media_type: 'text/markdown' }],
            ...(at === 0 ? {} : { terminal: 'done' }),
          })),
        },
      },
    });
    api = await openApi(stage);
    await stage.startWorker(SECRETS);
  });
  afterAll(async () => {
    await api.close();
    await stage.close();
    await receiver.close();
  });

  it('is told once of each stage that waits, with what it asks for, who owns it and where it is done', async () => {
    const id = '20261128-070000-a-letter';
    const request = { id, pipeline: 'letter', slug: 'a-letter', files: { 'brief.md': 'To a friend.' } };
    expect(await api.ask('POST', '/api/runs', { json: request })).toMatchObject({ status: 201 });
    const told = async () => {
      await look(stage);
      return (await messages(stage)).map(({ telling }) => telling);
    };
    await until('the first stage was told', async () => (await told()).length === 1);
    expect(await told()).toHaveLength(1);
    const files = { 'write.md': 'Dear friend.' };
    expect(await api.ask('POST', `/api/runs/${id}/submit`, { json: { stage: 'write', files } })).toMatchObject({
      status: 200,
    });
    await until('the second stage was told', async () => (await told()).length === 2);
    const [second, first] = await told();
    expect(first).toMatchObject({ event: 'run_waits', subject: { runId: id } });
    expect(first?.headline).toBe('Run "a-letter" of letter waits for somebody at write');
    expect(first?.lines[0]).toEqual({ text: 'Somebody has to write it.', href: `/runs/${id}` });
    expect(first?.lines[2]?.text).toMatch(/^Owner: .+ \(API key\)\.$/);
    expect(second?.headline).toBe('Run "a-letter" of letter waits for somebody at check');
  });
});
