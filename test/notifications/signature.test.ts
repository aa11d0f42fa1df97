// A webhook's signature, by the judge of Standard Webhooks: over id, time and body together, by every secret that is valid now.
import { expect, it } from 'vitest';
import type { Message } from '../../src/notifications/send/message.ts';
import { webhookRequest } from '../../src/notifications/send/webhook.ts';
import { OLD_SECRET, SECRET, verified } from './receiver.ts';

const keyOf = (secret: string) => new Uint8Array(Buffer.from(secret.slice('whsec_'.length), 'base64'));

const MESSAGE: Message = {
  id: '0b6f4c1e-5d0f-4c5e-9f35-2f3c1a3f0c11',
  workspace: 'acme',
  telling: {
    event: 'healed',
    headline: 'acme on x: live after all 😀',
    lines: [
      { text: 'It is live, once.', href: 'https://x.com/i/web/status/1' },
      { text: 'This is how it got there.', href: '/schedules/post-1' },
    ],
    subject: { scheduleId: 'post-1' },
  },
  createdAt: new Date('2026-12-01T07:00:00Z'),
};

function sent(now = new Date()) {
  const channel = { url: 'https://ops.acme.example', keys: [keyOf(SECRET), keyOf(OLD_SECRET)] };
  const { headers = {}, body } = webhookRequest(channel, MESSAGE, { pagesUrl: 'https://oncepost.example', now });
  return { path: '/', headers: { ...headers }, body: String(body) };
}

it('is believed under the new secret and under the one it replaces', () => {
  for (const secret of [SECRET, OLD_SECRET]) {
    expect(verified(sent(), secret)).toEqual({
      type: 'publish.healed',
      timestamp: '2026-12-01T07:00:00.000Z',
      data: {
        workspace: 'acme',
        headline: 'acme on x: live after all 😀',
        lines: [
          { text: 'It is live, once.', url: 'https://x.com/i/web/status/1' },
          { text: 'This is how it got there.', url: 'https://oncepost.example/schedules/post-1' },
        ],
        scheduleId: 'post-1',
      },
    });
  }
});

it('is believed under no other secret, over no other id, time or body, and not for long', () => {
  const good = sent();
  const other = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
  expect(() => verified(good, other)).toThrow('No matching signature');
  expect(() => verified({ ...good, body: good.body.replace('once', 'twice') })).toThrow('No matching signature');
  for (const [name, value] of [
    ['webhook-id', 'msg_another'],
    ['webhook-timestamp', String(Math.floor(Date.now() / 1000) + 5)],
  ] as const) {
    expect(() => verified({ ...good, headers: { ...good.headers, [name]: value } })).toThrow('No matching signature');
  }
  expect(() => verified(sent(new Date(Date.now() - 600_000)))).toThrow('timestamp too old');
});
