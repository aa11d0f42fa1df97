// Slack and mail on real servers, told as the schedule looks for news by itself, and what hostile text of a post may not do there.
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { WORKSPACE } from '../harness/workflow-id.ts';
import { failedPublish } from '../workflow/shop.ts';
import { messages, openTold, PAGES, SECRETS } from './place.ts';
import { openReceiver, type Receiver } from './receiver.ts';

interface Post {
  readonly recipients: readonly string[];
  readonly mail: ParsedMail;
}

let stage: Stage;
let slack: Receiver;
let smtp: SMTPServer;
let port: number;
const inbox: Post[] = [];
const USER = { name: 'oncepost', password: 'a password with @ in it' };

beforeAll(async () => {
  slack = await openReceiver();
  smtp = new SMTPServer({
    authOptional: false,
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    onAuth: ({ username, password }, _, done) =>
      username === USER.name && password === USER.password ? done(null, { user: username }) : done(new TypeError('no')),
    onRcptTo: ({ address }, _, done) => {
      if (!address.startsWith('nobody@')) return done();
      done(Object.assign(new TypeError('no such person'), { responseCode: 550 }));
    },
    onData: (stream, { envelope }, done) => {
      simpleParser(stream).then((mail) => {
        inbox.push({ recipients: envelope.rcptTo.map(({ address }) => address), mail });
        done();
      }, done);
    },
  });
  port = await new Promise((resolve) => {
    const listening = smtp.listen(0, '127.0.0.1', () => {
      const address = listening.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  stage = await openTold(
    {
      chat: { kind: 'slack', url_env: 'ONCEPOST_NOTIFY_CHAT' },
      mail: { kind: 'email', from: 'oncepost@acme.example', to: ['olga@acme.example', 'editors@acme.example'] },
      lost: { kind: 'email', from: 'oncepost@acme.example', to: ['nobody@acme.example'] },
    },
    {},
    { 'notifications.every': '1s' },
  );
  const credentials = `${USER.name}:${encodeURIComponent(USER.password)}`;
  await stage.startWorker({
    ...SECRETS,
    ONCEPOST_NOTIFY_CHAT: `${slack.url}/services/T0/B0/secret`,
    ONCEPOST_SMTP_URL: `smtp://${credentials}@127.0.0.1:${port}`,
  });
});
afterAll(async () => {
  await stage?.close();
  await slack?.close();
  await new Promise<void>((resolve) => smtp.close(resolve));
});

const HOSTILE = '<!channel> *bold* <https://evil.example|Click>\nBcc: all@acme.example\n& more';
const slackSchema = z.strictObject({
  text: z.string(),
  unfurl_links: z.literal(false),
  unfurl_media: z.literal(false),
});

it('both are told in words with links, and a post can neither call a channel nor add a header', async () => {
  const { shop, scheduleId } = await failedPublish(stage, { text: HOSTILE });
  await until('both have it', () => slack.received.length > 0 && inbox.length > 0);

  const [request] = slack.received;
  expect(request?.path).toBe('/services/T0/B0/secret');
  const { text } = slackSchema.parse(JSON.parse(request?.body ?? ''));
  const [headline, standing] = text.split('\n');
  expect(headline).toBe(
    `*${shop.name} on x: not published. The platform refused the post and gave no finer reason.* (${WORKSPACE})`,
  );
  expect(standing).toContain(
    '"&lt;!channel&gt; *bold* &lt;https://evil.example|Click&gt; Bcc: all@acme.example &amp; more"',
  );
  expect(standing).toContain(`<${PAGES}/schedules/${scheduleId}|Open>`);
  expect(text).not.toMatch(/<!/);

  const [post] = inbox;
  expect(post?.recipients).toEqual(['olga@acme.example', 'editors@acme.example']);
  expect(post?.mail.from?.text).toBe('oncepost@acme.example');
  expect(post?.mail.subject).toBe(
    `[${WORKSPACE}] ${shop.name} on x: not published. The platform refused the post and gave no finer reason.`,
  );
  const id = (await messages(stage)).find(({ channel }) => channel === 'mail')?.id;
  expect(post?.mail.messageId).toBe(`<${id}@oncepost>`);
  expect(post?.mail.headers.has('bcc')).toBe(false);
  expect(post?.mail.text).toContain(`${PAGES}/schedules/${scheduleId}`);
  expect(post?.mail.text).toContain('Nothing is sent again until somebody decides.');
});

it('a mail server that refuses the person is told in words, without what it said', async () => {
  await until('it was tried', async () =>
    (await messages(stage)).some(({ channel, tries }) => channel === 'lost' && tries > 0),
  );
  const lost = (await messages(stage)).find(({ channel }) => channel === 'lost');
  expect(lost).toMatchObject({ state: 'waiting', failure: 'The mail server refused it (550).' });
});

it('the secrets stand in no row, and in nothing that the worker said', async () => {
  const rows = JSON.stringify(await messages(stage));
  expect(rows).not.toContain('/services/T0');
  expect(rows).not.toContain(USER.password);
});
