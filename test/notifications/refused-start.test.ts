// A worker whose channels lack their secrets refuses to start and names the variable, never its value.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { refusalOf } from '../bad-input/refused-start.ts';
import type { Stage } from '../harness/stage.ts';
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
const without = (name: keyof typeof GOOD) => {
  const { [name]: _, ...others } = GOOD;
  return { ...stage.env, ...others };
};
const lacks = (channel: string, variable: string) =>
  `The channel "${channel}" of temporal.yaml needs the environment variable ${variable}, which is not set; nothing was started; set it, or take the channel out, and start again.`;

it.each([
  ['hook', 'ONCEPOST_NOTIFY_SECRET'],
  ['chat', 'ONCEPOST_NOTIFY_CHAT'],
  ['mail', 'ONCEPOST_SMTP_URL'],
] as const)('for the channel %s without %s', async (channel, variable) => {
  expect(await refusalOf('worker', without(variable))).toBe(lacks(channel, variable));
});

it('for a secret of another form, which is not told', async () => {
  const says = (variable: string, channel: string, problem: string) =>
    `The environment variable ${variable} cannot be used for the channel "${channel}": it ${problem}; nothing was started; correct it and start again.`;
  expect(await refusalOf('worker', { ...stage.env, ...GOOD, ONCEPOST_NOTIFY_SECRET: 'whsec_c2hvcnQ=' })).toBe(
    says(
      'ONCEPOST_NOTIFY_SECRET',
      'hook',
      'must be whsec_ and 24 to 64 bytes in base64, several of them separated by spaces',
    ),
  );
  expect(await refusalOf('worker', { ...stage.env, ...GOOD, ONCEPOST_NOTIFY_CHAT: 'hooks.slack.example' })).toBe(
    says('ONCEPOST_NOTIFY_CHAT', 'chat', 'must be an http or https address'),
  );
});
