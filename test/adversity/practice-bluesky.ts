// Kinds of posts to a real PDS, each account behind a fault proxy of its own.
import { connectBluesky } from '../harness/bluesky-account.ts';
import type { MediaFiles } from '../harness/media-files.ts';
import type { Stage } from '../harness/stage.ts';
import { startFaultProxy } from '../pds/fault-proxy.ts';
import { afterCommit, before, HANG, outage, RESET } from '../pds/faults.ts';
import type { Pds } from '../pds/start-pds.ts';
import { type PostKind, withLostAnswer } from './practice.ts';

const HOUR_MS = 3_600_000;
const CREATE_CALL = 'com.atproto.repo.putRecord';
const UPLOAD_CALL = 'com.atproto.repo.uploadBlob';

const FAULTS = {
  commits_then_hangs: afterCommit(HANG),
  lost_and_hangs: before(HANG),
  commits_then_resets: afterCommit(RESET),
  lost_behind_502: before(outage(502)),
};

/** Every kind of post to Bluesky. */
export function blueskyKinds(stage: Stage, pds: Pds, media: MediaFiles): PostKind[] {
  let accounts = 0;
  const kind = (name: string, post: (handle: string) => object, grantEndsInMs = HOUR_MS): PostKind => ({
    name,
    async open(create) {
      accounts += 1;
      const account = await pds.createAccount(`sweep-${accounts}.test`);
      const proxy = await startFaultProxy({ target: pds.url });
      const connect = (endsInMs: number) =>
        connectBluesky(stage, { name: account.handle, account, proxy, password: account.appPassword, endsInMs });
      const id = await connect(grantEndsInMs);
      if (create) proxy.setFault(CREATE_CALL, FAULTS[create]);
      return {
        post: { account: id, ...post(account.handle) },
        live: async () => (await pds.listPosts(account.did)).length,
        creates: async () => proxy.count(CREATE_CALL).received,
        made: async () => proxy.count(UPLOAD_CALL).received,
        spoilCreate: async (fault) => void proxy.setFault(CREATE_CALL, FAULTS[fault]),
        reconnect: async () => void (await connect(HOUR_MS)),
        close: () => proxy.close(),
      };
    },
  });
  const text = () => ({ text: 'A text' });
  return [
    kind('Bluesky text with a mention', (handle) => ({ text: `Hello @${handle}` })),
    kind('Bluesky text under a grant about to expire', text, 45_000),
    withLostAnswer(kind('Bluesky text', text)),
    kind('Bluesky image', () => ({ text: 'A picture', media: [media.item('sample.png')] })),
  ];
}
