// What is kept of the call at the point of no return: what was sent, what came back and how that was read, for whoever has to
// judge what became of it. No secret reaches it, wherever a platform or a post puts one.
import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScheduleView } from '../../src/domain/schedules/schedule-view.ts';
import { connectAccount } from '../../src/ledger/accounts/accounts.ts';
import { viewSchedule } from '../../src/recovery/schedule-view.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { freePort } from '../harness/free-port.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { newPerson, visitor } from '../pages/person.ts';
import { OLGA, openShop, someText } from '../workflow/shop.ts';
import { pass, stopAt, taken } from './passes.ts';

/** With each of the characters that addresses, forms and JSON write in another way. */
const TOKEN = 's3cr3t/tok+en=="&x~y';
const WRITTEN = [TOKEN, encodeURIComponent(TOKEN), new URLSearchParams({ t: TOKEN }).toString().slice(2), 's3cr3t'];

let stage: Stage;
let api: TestApi;
let olga: ReturnType<typeof visitor>;
beforeAll(async () => {
  stage = await openStage();
  api = await openApi(stage);
  olga = visitor(api.url, await newPerson(stage, 'operator', 'Olga Operator'));
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

const viewOf = async (id: string): Promise<ScheduleView> => {
  const view = await viewSchedule(stage.context.ledger, { id: stage.workspaceId, name: 'test' }, id);
  if (!view) throw new TypeError(`no schedule ${id}`);
  return view;
};
const createOf = async (id: string) => (await viewOf(id)).intents.at(-1);

describe('of a create', () => {
  it('that was answered yes: the call, a digest of what it carried, and the answer', async () => {
    const shop = await openShop(stage);
    const text = someText();
    const id = await taken(stage, shop, { text });
    await pass(stage, id);
    const [post] = await shop.live();
    const body = JSON.stringify({ text });
    const create = await createOf(id);
    expect(create).toMatchObject({
      state: 'live',
      sent: {
        method: 'POST',
        target: `${stage.sandboxUrl}/x/2/tweets`,
        sizeBytes: Buffer.byteLength(body),
        sha256: createHash('sha256').update(body).digest('hex'),
        excerpt: body,
      },
      answer: { came: 'answer', status: 201, readAs: 'live', knownBy: null },
    });
    expect(create?.answer?.text).toContain(`"id":"${post?.id}"`);
    expect(Date.parse(create?.answer?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(create?.sentAt ?? ''));
  });

  it('that was refused: the words of the refusal, and by what it was known', async () => {
    const shop = await openShop(stage);
    await shop.fault({ kind: 'refuse_before', preset: 'forbidden' });
    const id = await taken(stage, shop);
    await pass(stage, id);
    const create = await createOf(id);
    expect(create).toMatchObject({
      state: 'refused',
      answer: { came: 'answer', status: 403, readAs: 'refused', knownBy: 'normalized_bucket' },
    });
    expect(create?.answer?.text).toContain('"status":403');
  });

  it.each([
    ['commit_then_reset', 'no_answer', null, /^reset: /],
    ['commit_then_truncate', 'no_answer', null, /^truncated: /],
    ['commit_then_garbage', 'answer', 201, /./],
    ['html_error', 'answer', 502, /</],
  ] as const)('whose answer was lost by %s: how it broke off', async (kind, came, status, text) => {
    const shop = await openShop(stage);
    await shop.fault({ kind });
    const id = await taken(stage, shop);
    expect(await pass(stage, id)).toMatchObject({ state: 'outcome_unknown' });
    const create = await createOf(id);
    expect(create).toMatchObject({ state: 'unknown', answer: { came, status, readAs: 'unclear' } });
    expect(create?.answer?.text).toMatch(text);
  });

  it('that never left: that it did not', async () => {
    const port = await freePort();
    const id = await taken(stage, await accountAt(`http://127.0.0.1:${port}`));
    await pass(stage, id);
    expect(await createOf(id)).toMatchObject({
      state: 'not_sent',
      sent: { target: `http://127.0.0.1:${port}/2/tweets` },
      answer: { came: 'not_sent', status: null, text: 'unreachable: ECONNREFUSED', readAs: 'not_sent', knownBy: null },
    });
  });

  it('is on record before a byte of it leaves, and stays there when its worker is gone', async () => {
    const shop = await openShop(stage);
    const id = await taken(stage, shop);
    const letGo = stopAt('after_intent');
    const running = pass(stage, id, { points: letGo.points });
    await letGo.reached;
    expect(await shop.creates()).toBe(0);
    expect(await createOf(id)).toMatchObject({ state: 'sent', sent: { method: 'POST' }, answer: null });
    letGo.release();
    await running;
    expect(await createOf(id)).toMatchObject({ state: 'live', answer: { status: 201 } });
  });

  it('keeps its own answer, though a look has found its post since', async () => {
    const shop = await openShop(stage);
    await shop.fault({ kind: 'commit_then_status', status: 503 });
    const id = await taken(stage, shop);
    await pass(stage, id);
    await stage.context.ledger.db.execute('update schedules set wake_at = now()');
    expect(await pass(stage, id)).toMatchObject({ state: 'published' });
    const view = await viewOf(id);
    expect(view.post?.evidence).toBe('reconciled');
    expect(view.intents).toMatchObject([{ state: 'live', answer: { status: 503, readAs: 'unclear' } }]);
  });
});

describe('a secret', () => {
  it('in the body, in a header, in an address or in an answer that throws all of it back is in no row, page or answer', async () => {
    const echo = await startEcho();
    const shop = await accountAt(`${echo.url}/v2/${encodeURIComponent(TOKEN)}`);
    const id = await taken(stage, shop, { text: `It is ${TOKEN} ` });
    await pass(stage, id);
    await echo.close();
    // It did leave, with the token in each of these places.
    expect(echo.seen()).toContain(`Bearer ${TOKEN}`);
    const create = await createOf(id);
    expect(create?.sent?.target).toBe(`${echo.url}/v2/[redacted]/2/tweets`);
    expect(create?.sent?.excerpt).toBe('{"text":"It is [redacted] "}');
    expect(create?.answer?.text).toContain('[redacted]');
    const rows = await stage.context.ledger.db.execute<{ row: string }>(
      `select jsonb_build_array(sent_call, answer)::text as row from intents where schedule_id = '${id}'`,
    );
    const shown = [
      ...rows.map(({ row }) => row),
      JSON.stringify(create?.sent),
      JSON.stringify(create?.answer),
      // The post's own words, which its author chose, stand after it.
      /<summary>What was sent and what came back.*?What a look/s.exec((await olga.get(`/schedules/${id}`)).text)?.[0],
    ];
    for (const place of shown) {
      expect(place).toBeTruthy();
      for (const written of WRITTEN) expect(place).not.toContain(written);
    }
  });

  it('of the address is left out with its query and its user', async () => {
    const echo = await startEcho();
    const address = new URL(echo.url);
    const id = await taken(stage, await accountAt(`http://who:pass@${address.host}/v2?key=abcdefgh#`));
    await pass(stage, id);
    await echo.close();
    expect((await createOf(id))?.sent?.target).toBe(`${echo.url}/v2`);
  });

  it('and an answer without end are cut to what is kept', async () => {
    const echo = await startEcho('x'.repeat(500_000));
    const id = await taken(stage, await accountAt(echo.url));
    await pass(stage, id);
    await echo.close();
    expect((await createOf(id))?.answer?.text).toHaveLength(2_000);
  });
});

describe('on the page of a publish', () => {
  it('it stands open while nobody knows whether the post is live, with the exact time and the digest', async () => {
    const shop = await openShop(stage);
    await shop.fault({ kind: 'commit_then_status', status: 503 });
    const id = await taken(stage, shop);
    await pass(stage, id);
    const create = await createOf(id);
    const { text } = await olga.get(`/schedules/${id}`);
    expect(text).toContain('<details open><summary>What was sent and what came back</summary>');
    expect(text).toContain(`POST ${stage.sandboxUrl}/x/2/tweets`);
    expect(text).toContain(create?.sent?.sha256);
    expect(text).toContain(`<time datetime="${create?.sentAt}">`);
    expect(text.replace(/<[^>]+>/g, ' ')).toMatch(/Came back\s+HTTP 503,\s+\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC/);
    expect(text).toContain('Neither yes nor no, so that nothing more is sent before the platform was asked.');
  });

  it('it is folded once it is known what became of it', async () => {
    const shop = await openShop(stage);
    const id = await taken(stage, shop);
    await pass(stage, id);
    expect((await olga.get(`/schedules/${id}`)).text).toContain(
      '<details><summary>What was sent and what came back</summary>',
    );
  });
});

/** An account of X whose API is somewhere of this test's choosing. */
async function accountAt(apiBase: string): Promise<{ readonly name: string }> {
  const name = `echo-${randomUUID().slice(0, 8)}`;
  await connectAccount(stage.context.ledger, {
    workspaceId: stage.workspaceId,
    platform: 'x',
    name,
    remoteId: randomUUID(),
    apiBase,
    scopes: ['tweet.read', 'tweet.write', 'users.read'],
    grant: { accessToken: TOKEN },
    grantExpiresAt: null,
    actor: OLGA,
  });
  return { name };
}

/** A server that refuses each call, and says all that it was told: its address, its headers and its body. */
async function startEcho(words?: string) {
  const seen: string[] = [];
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join('');
    const { url, headers } = request;
    seen.push(JSON.stringify(headers.authorization), JSON.stringify(url), body);
    response.writeHead(503, { 'content-type': 'application/json' });
    response.end(
      words ?? JSON.stringify({ url, headers, body, form: `${new URLSearchParams({ body, token: TOKEN })}` }),
    );
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen: () => seen.map((text) => text.replaceAll('\\"', '"')).join('\n'),
    close: () => new Promise((done) => server.close(done)),
  };
}
