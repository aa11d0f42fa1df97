// The wire between worker and platform goes dead without a word: the call hangs, its outcome is unknown, and the post is
// live once all the same.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdAt } from '../harness/crash-file.ts';
import { type MediaFiles, type SampleName, serveMedia } from '../harness/media-files.ts';
import { auditBreak, lawsOf, PUBLISHED_ONCE } from '../harness/outcome.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { type DeadWay, startTcpProxy, type TcpProxy } from '../harness/tcp-proxy.ts';
import { until } from '../harness/until.ts';
import { sandboxKind, TWO_SEGMENTS_BYTES } from './practice.ts';

/** A call that has vanished is found out soon; a call that is about to leave has time to. */
const SETTINGS = { 'timeouts.heartbeat': '10s', 'timeouts.lease': '10s', 'timeouts.send_window': '8s' } as const;

interface DeadWire {
  /** The call under which the wire goes dead. */
  readonly title: string;
  readonly platform: 'x' | 'instagram';
  /** The publish stands here when its wire goes dead; the next call is the first to meet it. */
  readonly at: string;
  readonly nth?: number;
  readonly way: DeadWay;
  readonly sample?: SampleName;
  readonly tokenEnds?: boolean;
  readonly answerLost?: boolean;
}

const video = 'sample.mp4';
const picture = 'sample.jpg';
const WIRES: readonly DeadWire[] = [
  { title: 'the create, which never arrives', platform: 'x', at: 'after_intent', way: 'both' },
  { title: 'the answer to the create', platform: 'x', at: 'after_intent', way: 'answers' },
  { title: 'a segment of a video', platform: 'x', at: 'media_initialized', way: 'both', sample: video },
  { title: 'the answer to the last segment', platform: 'x', at: 'media_appended', way: 'answers', sample: video },
  { title: 'the renewal of a grant', platform: 'x', at: 'attempt_opened', way: 'both', tokenEnds: true },
  { title: 'the look for a post', platform: 'x', at: 'attempt_opened', nth: 2, way: 'both', answerLost: true },
  { title: 'the making of a container', platform: 'instagram', at: 'attempt_opened', way: 'both', sample: picture },
  {
    title: 'the answer to its status',
    platform: 'instagram',
    at: 'container_created',
    way: 'answers',
    sample: picture,
  },
  {
    title: 'its publish, which never arrives',
    platform: 'instagram',
    at: 'after_intent',
    way: 'both',
    sample: picture,
  },
  { title: 'the answer to its publish', platform: 'instagram', at: 'after_intent', way: 'answers', sample: picture },
];

describe('a post is live once although the wire goes dead under', () => {
  let stage: Stage;
  let media: MediaFiles;
  const proxies: TcpProxy[] = [];
  beforeAll(async () => {
    stage = await openStage(SETTINGS);
    media = await serveMedia();
    await stage.startWorker();
  });
  afterAll(async () => {
    for (const proxy of proxies) await proxy.close();
    await stage.close();
    await media.close();
  });

  it.concurrent.each(WIRES)('$title', async ({ title, platform, at, nth = 1, way, sample, tokenEnds, answerLost }) => {
    const proxy = await startTcpProxy(stage.sandboxUrl);
    proxies.push(proxy);
    const account = {
      settings: { processingMs: 100 },
      ...(tokenEnds ? { accessExpiresInMs: 50_000 } : {}),
    };
    const item = sample && media.item(sample, sample === video ? TWO_SEGMENTS_BYTES : undefined);
    const post = () => (item ? { media: [item] } : {});
    const practice = await sandboxKind(stage, { name: title, platform, account, post, url: proxy.url }).open();
    if (answerLost) await practice.meet({ kind: 'commit_then_reset' });
    const scheduleId = crypto.randomUUID();
    const hold = holdAt(stage.folder, { point: at, nth, scheduleId });
    const publish = await stage.startPublish(practice.post, scheduleId);
    await until(`it stands at ${at}`, () => hold.standing());
    proxy.goDead(way);
    hold.release();
    await until('a call has vanished', () => proxy.vanishedBytes() > 0);
    proxy.recover();
    await publish.result();
    expect(await lawsOf(stage, scheduleId, practice)).toEqual(PUBLISHED_ONCE);
    expect(await practice.creates()).toBe(1);
    expect(await auditBreak(stage)).toBeNull();
  });
});
