// A secret in what is about to be recorded is masked, wherever it stands, and an alarm tells of its place (F-16).
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OTHER_AUDIT } from '../../src/domain/audit/audit.ts';
import { SYSTEM_ACTOR } from '../../src/domain/people/actor.ts';
import { appendAudit } from '../../src/ledger/audit/audit.ts';
import { masked } from '../../src/ledger/audit/leaks.ts';
import { keepSecrets } from '../../src/runtime/known-secrets.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';

let stage: Stage;
let api: TestApi;
beforeAll(async () => {
  stage = await openStage();
  api = await openApi(stage);
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

const from = (letters: string, length: number) =>
  Array.from({ length }, () => letters[randomInt(letters.length)]).join('');
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const ALNUM = `${LOWER}${LOWER.toUpperCase()}0123456789`;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const hex = (length: number) => from('0123456789abcdef', length);
const url64 = (bytes: number) => randomBytes(bytes).toString('base64url');
/** Four of them; one has a digit, as chance nearly always has it. */
const blueskyPassword = () => `${from(BASE32, 4)}-${from(BASE32, 3)}7-${from(BASE32, 4)}-${from(BASE32, 4)}`;

const SECRETS: readonly (readonly [kind: string, make: () => string])[] = [
  ['GitHub, classic', () => `ghp_${from(ALNUM, 36)}`],
  ['GitHub, fine-grained', () => `github_pat_${from(ALNUM, 22)}_${from(ALNUM, 59)}`],
  ['GitHub, of an app', () => `ghs_${from(ALNUM, 36)}`],
  ['GitLab', () => `glpat-${from(ALNUM, 20)}`],
  ['Slack, of a bot', () => `xoxb-${from('0123456789', 12)}-${from('0123456789', 12)}-${from(ALNUM, 24)}`],
  [
    'Slack, a webhook',
    () =>
      `https://hooks.slack.com/services/T${from(ALNUM, 8).toUpperCase()}/B${from(ALNUM, 8).toUpperCase()}/${from(ALNUM, 24)}`,
  ],
  ['npm', () => `npm_${from(ALNUM, 36)}`],
  ['PyPI', () => `pypi-${url64(60)}`],
  ['OpenAI', () => `sk-proj-${from(ALNUM, 74)}T3BlbkFJ${from(ALNUM, 73)}A`],
  ['Anthropic', () => `sk-ant-api03-${from(ALNUM, 93)}AA`],
  ['SendGrid', () => `SG.${url64(16).slice(0, 22)}.${url64(32).slice(0, 43)}`],
  ['Stripe', () => `sk_live_${from(ALNUM, 24)}`],
  ['Shopify', () => `shpat_${hex(32)}`],
  ['Telegram', () => `${from('123456789', 10)}:AA${from(ALNUM, 33)}`],
  ['Mailgun', () => `key-${hex(32)}`],
  ['Twilio', () => `SK${hex(32)}`],
  ['DigitalOcean', () => `dop_v1_${hex(64)}`],
  ['Hugging Face', () => `hf_${from(ALNUM, 34)}`],
  ['Google, an API key', () => `AIza${from(ALNUM, 35)}`],
  ['Google, a token', () => `ya29.${url64(60)}`],
  ['Google, a client secret', () => `GOCSPX-${from(ALNUM, 28)}`],
  ['Meta', () => `EAA${from(ALNUM, 150)}`],
  ['Instagram', () => `IGAA${from(ALNUM, 120)}`],
  ['Pinterest', () => `pina_${from(ALNUM, 60)}`],
  ['TikTok', () => `act.${from(ALNUM, 60)}`],
  ['Bluesky', blueskyPassword],
  ['WordPress', () => `aB3${from(ALNUM, 1)} ${Array.from({ length: 5 }, () => from(ALNUM, 4)).join(' ')}`],
  ['Ghost', () => `${hex(24)}:${hex(64)}`],
  ['a JSON Web Token', () => `eyJ${url64(20)}.eyJ${url64(40)}.${url64(32)}`],
  ['a Bearer header', () => `Bearer ${url64(32)}`],
  ['a Basic header', () => `Basic ${randomBytes(24).toString('base64')}`],
  ['a database with its password', () => `postgres://oncepost:${from(ALNUM, 20)}@db.internal:5432/oncepost`],
  ['a form field', () => `client_id=abc&client_secret=${from(ALNUM, 40)}&grant_type=x`],
  [
    'a private key',
    () => `-----BEGIN PRIVATE KEY-----\n${randomBytes(150).toString('base64')}\n-----END PRIVATE KEY-----`,
  ],
  ['Standard Webhooks', () => `whsec_${randomBytes(32).toString('base64')}`],
  ['Oncepost', () => `op_${url64(32)}`],
];

/** What stands around it: the places at which words from outside reach the audit trail. */
const PLACES: readonly (readonly [place: string, path: string, put: (secret: string) => Record<string, unknown>])[] = [
  ['a text of its own', 'why', (secret) => ({ why: secret })],
  ['the middle of a sentence', 'note', (secret) => ({ note: `It said: "${secret}" and went away.` })],
  ['a list in an object', 'cause.raw.1', (secret) => ({ cause: { code: 'unknown', raw: ['x', secret] } })],
  ['the name of a field', 'answer.(a name)', (secret) => ({ answer: { [secret]: 1 } })],
  ['a JSON text', 'body', (secret) => ({ body: JSON.stringify({ at: 1, value: secret }) })],
];

describe('a secret', () => {
  it.each(SECRETS)('of %s is masked wherever it stands, and told of by its place', async (_kind, make) => {
    for (const [, path, put] of PLACES) {
      const secret = make();
      const { payload, leaks } = await masked(put(secret));
      const stored = JSON.stringify(payload);
      // What is left of it is too little to be of use.
      for (const part of secret.split(/[\s=&:/@]+/).filter((one) => one.length >= 20))
        expect(stored).not.toContain(part);
      expect(stored).toContain('[redacted]');
      expect(leaks.map((leak) => leak.path)).toContain(path);
      expect(JSON.stringify(leaks)).not.toContain(secret);
    }
  });

  it('that this process holds is known by its value, and a field is known by its name', async () => {
    const value = from(LOWER, 12);
    keepSecrets([value]);
    expect(await masked({ a: { says: `x ${value} y` }, password: 'hunter2', hasSecret: true })).toEqual({
      payload: { a: { says: 'x [redacted] y' }, password: '[redacted]', hasSecret: true },
      leaks: [
        { path: 'a.says', kind: 'a secret that this process holds' },
        { path: 'password', kind: 'a field named password' },
      ],
    });
  });

  it('in a record is not stored, and opens a critical alarm that does not tell it', async () => {
    const { ledger } = stage.context;
    const secret = `ghp_${from(ALNUM, 36)}`;
    await ledger.db.transaction((tx) =>
      appendAudit(tx, [
        {
          workspaceId: stage.workspaceId,
          traceId: randomUUID(),
          type: OTHER_AUDIT.claimed,
          actor: SYSTEM_ACTOR,
          payload: { note: `token ${secret}` },
          at: ledger.clock.now(),
        },
      ]),
    );
    const client = api.client();
    const { events, chain } = await client.activity({});
    expect(JSON.stringify(events)).not.toContain(secret);
    expect(events.find(({ type }) => type === 'publish.claimed')?.payload).toEqual({ note: 'token [redacted]' });
    expect(chain.state).toBe('whole');
    const { alarms } = await client.alarms({ kind: 'secret_leak_detected' });
    expect(alarms).toMatchObject([{ severity: 'critical', mode: 'F-16', subject: 'note of publish.claimed' }]);
    expect(JSON.stringify(alarms)).not.toContain(secret);
  });
});

describe('what is harmless', () => {
  const words = 'the sea is wide and deep at night when nobody looks for what the tide brings to the shore'.split(' ');
  const sentence = () => Array.from({ length: 4 + randomInt(20) }, () => words[randomInt(words.length)]).join(' ');
  const HARMLESS: readonly (() => unknown)[] = [
    sentence,
    () => randomUUID(),
    () => hex(64),
    () => new Date(randomInt(2 ** 40)).toISOString(),
    () => `https://blog.example/${words[randomInt(8)]}/${words.slice(0, 4).join('-')}?page=2&utm_source=feed`,
    () => 'this-very-long-name',
    () => `run-20261128-0${from('123456', 5)}-${words.slice(randomInt(8), 12).join('-')}`,
    () => `at://did:plc:${from(BASE32, 24)}/app.bsky.feed.post/${from(BASE32, 13)}`,
    () => `17${from('0123456789', 17)}`,
    () => `Its password must be changed. The token was refused; the secret is kept. ${sentence()}`,
    () => `{"code": ${randomInt(600)}, "message": "${sentence()}", "token_type": "bearer"}`,
    () => '🌊🌊🌊 Größe 10, naïve, 日本語のテキスト、и так далее',
    () => `v${randomInt(9)}.${randomInt(9)}.${randomInt(99)} of 2026-11-28 costs 12.50 €`,
    () => `sha256:${hex(64)}`,
    () => `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/${randomInt(200)}.0.0.0 Safari/537.36`,
  ];
  it('alarms nobody, five hundred times', async () => {
    for (let count = 0; count < 500; count += 1) {
      const payload = {
        at: count,
        text: HARMLESS[count % HARMLESS.length]?.(),
        more: { list: [sentence(), true, null] },
      };
      expect(await masked(payload)).toEqual({ payload, leaks: [] });
    }
  });
});
