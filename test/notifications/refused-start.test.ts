// A worker whose channels lack their secrets refuses to start and names the variable, never its value.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openChannels } from '../../src/notifications/channels.ts';
import { readEnv } from '../../src/runtime/env.ts';
import { StartRefused } from '../../src/runtime/start-refused.ts';
import { refusalOf } from '../bad-input/refused-start.ts';
import type { Stage } from '../harness/stage.ts';
import { WORKSPACE } from '../harness/workflow-id.ts';
import { openTold, webhook } from './place.ts';
import { SECRET } from './receiver.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openTold({
    hook: webhook('https://ops.acme.example'),
    chat: { kind: 'slack', url_env: 'ONCEPOST_NOTIFY_CHAT' },
    mail: { kind: 'email', from: 'a@acme.example', to: ['b@acme.example'] },
  });
});
afterAll(() => stage.close());

const GOOD = {
  ONCEPOST_NOTIFY_SECRET: SECRET,
  ONCEPOST_NOTIFY_CHAT: 'https://hooks.slack.example/T0/B0/x',
  ONCEPOST_SMTP_URL: 'smtp://127.0.0.1:2525',
};

function refusal(env: Readonly<Record<string, string>>): string | null {
  try {
    openChannels(stage.context.settings, readEnv(env));
    return null;
  } catch (error) {
    if (error instanceof StartRefused) return error.message;
    throw error;
  }
}

const lacks = (channel: string, variable: string) =>
  `The channel "${channel}" of temporal.yaml needs the environment variable ${variable}, which is not set; nothing was started; set it, or take the channel out, and start again.`;

it('of a worker that lacks one', async () => {
  expect(await refusalOf('worker', { ...stage.env })).toBe(lacks('hook', 'ONCEPOST_NOTIFY_SECRET'));
});

it.each([
  ['hook', 'ONCEPOST_NOTIFY_SECRET'],
  ['chat', 'ONCEPOST_NOTIFY_CHAT'],
  ['mail', 'ONCEPOST_SMTP_URL'],
] as const)('for the channel %s without %s', (channel, variable) => {
  expect(refusal({ ...GOOD, [variable]: '' })).toBe(lacks(channel, variable));
});

it.each([
  [
    'ONCEPOST_NOTIFY_SECRET',
    'hook',
    'whsec_c2hvcnQ=',
    'must be whsec_ and 24 to 64 bytes in base64, several of them separated by spaces',
  ],
  ['ONCEPOST_NOTIFY_CHAT', 'chat', 'hooks.slack.example', 'must be an http or https address'],
] as const)('for %s of another form, which is not told', (variable, channel, value, problem) => {
  expect(refusal({ ...GOOD, [variable]: value })).toBe(
    `The environment variable ${variable} cannot be used for the channel "${channel}": it ${problem}; nothing was started; correct it and start again.`,
  );
});

it('none of a worker that has them all', () => {
  expect(refusal(GOOD)).toBeNull();
  const channels = openChannels(stage.context.settings, readEnv(GOOD)).get(WORKSPACE);
  expect(channels?.map(({ kind }) => kind)).toEqual(['webhook', 'slack', 'email']);
});
