// Kinds of posts to break: each opens an account of its own, so that many can be under way at once.
import type { NewAccount, NewFault } from '../../src/sandbox/control.ts';
import type { MediaFiles } from '../harness/media-files.ts';
import type { PlatformRecord } from '../harness/outcome.ts';
import type { Stage } from '../harness/stage.ts';

/** What the next create meets. */
export type CreateFault =
  /** It takes effect, and no answer ever comes. */
  | 'commits_then_hangs'
  /** It is lost on the way, and no answer ever comes. */
  | 'lost_and_hangs'
  /** It takes effect, and the connection breaks. */
  | 'commits_then_resets'
  /** Something in front of the platform answers in its place. */
  | 'lost_behind_502';

/** One post on an account of its own. */
export interface Practice extends PlatformRecord {
  readonly post: Readonly<Record<string, unknown>>;
  /** Uploads and containers that were begun at the platform; they are invisible there. */
  made(): Promise<number>;
  spoilCreate(fault: CreateFault): Promise<void>;
  /** A person connects the account anew. */
  reconnect(): Promise<void>;
  /** Gives back what the post alone used. */
  close?(): Promise<void>;
}

/** A kind of post. */
export interface PostKind {
  readonly name: string;
  /** Opens an account with one post; `create` is what its first create meets. */
  open(create?: CreateFault): Promise<Practice>;
}

/** A post on a stand-in, whose faults are more. */
export interface SandboxPractice extends Practice {
  /** What the next create meets, in the sandbox's own words. */
  meet(fault: NewFault['fault']): Promise<void>;
}

/** The same kind, but the answer to its first create is lost: it has to reconcile. */
export function withLostAnswer(kind: PostKind): PostKind {
  return {
    name: `${kind.name} whose answer was lost`,
    open: (create = 'commits_then_resets') => kind.open(create),
  };
}

/** What a kind of the sandbox's platforms is made of. */
interface SandboxKind {
  readonly name: string;
  readonly platform: 'x' | 'instagram';
  readonly account?: Partial<NewAccount>;
  readonly post: () => Readonly<Record<string, unknown>>;
  /** Where the platform is found, when something stands before the sandbox. */
  readonly url?: string;
}

const CREATE_CALL = { x: 'create_post', instagram: 'publish' } as const;

const MAKE_CALLS = { x: ['media_upload', 'media_initialize'], instagram: ['create_container'] } as const;

const FAULTS = {
  commits_then_hangs: { kind: 'commit_then_hang' },
  lost_and_hangs: { kind: 'hang_before' },
  commits_then_resets: { kind: 'commit_then_reset' },
  lost_behind_502: { kind: 'html_error' },
} as const;

/** A kind on a stand-in of the stage's sandbox. */
export function sandboxKind(stage: Stage, { name, platform, account: more = {}, post, url }: SandboxKind) {
  let opened = 0;
  return {
    name,
    async open(create?: CreateFault): Promise<SandboxPractice> {
      opened += 1;
      const wanted = { ...more, platform, name: `${name} ${opened}` };
      const account = await stage.connectSandboxAccount(wanted, url);
      const { card, id } = account;
      const call = CREATE_CALL[platform];
      const meet = async (fault: NewFault['fault']) =>
        void (await stage.sandbox.addFault({ platform, account: card.id, call, fault }));
      if (create) await meet(FAULTS[create]);
      const count = async (wanted: string) =>
        (await stage.sandbox.calls({ platform, account: card.id, call: wanted })).length;
      return {
        post: { account: id, text: `${name} ${opened}`, ...post() },
        live: async () => (await stage.sandbox.live({ platform, account: card.id })).length,
        creates: () => count(call),
        made: async () => (await Promise.all(MAKE_CALLS[platform].map(count))).reduce((sum, one) => sum + one, 0),
        spoilCreate: (fault) => meet(FAULTS[fault]),
        meet,
        reconnect: async () => void (await stage.reconnectSandboxAccount(account)),
      };
    },
  };
}

/** Two segments for X, which takes at most 4 MiB in one. */
export const TWO_SEGMENTS_BYTES = 4 * 1024 ** 2 + 1;
const SOON = { accessExpiresInMs: 45_000 };

/** Early enough to be renewed, and not so near that a slow machine meets its end: Instagram renews no ended one. */
const WITHIN_DAYS = { accessExpiresInMs: 10 * 24 * 3_600_000, tokenAgeMs: 2 * 24 * 3_600_000 };

/** Every kind of post to X. */
export function xKinds(stage: Stage, media: MediaFiles): PostKind[] {
  const kind = (name: string, post: SandboxKind['post'], account: Partial<NewAccount> = {}) =>
    sandboxKind(stage, { name, platform: 'x', post, account: { settings: { processingMs: 200 }, ...account } });
  const text = () => ({});
  return [
    kind('X text', text),
    kind('X text under a grant about to expire', text, SOON),
    withLostAnswer(kind('X text', text)),
    kind('X image', () => ({ media: [{ ...media.item('sample.png'), altText: 'Grey stripes' }] })),
    kind('X video', () => ({ media: [media.item('sample.mp4', TWO_SEGMENTS_BYTES)] })),
  ];
}

/** Every kind of post to Instagram. A token younger than a day cannot be renewed there. */
export function instagramKinds(stage: Stage, media: MediaFiles): PostKind[] {
  const kind = (name: string, post: SandboxKind['post'], account: Partial<NewAccount> = {}) =>
    sandboxKind(stage, { name, platform: 'instagram', post, account });
  const single = () => ({ media: [media.item('sample.jpg')] });
  return [
    kind('Instagram picture', single),
    kind('Instagram picture under a grant about to expire', single, WITHIN_DAYS),
    withLostAnswer(kind('Instagram picture', single)),
    kind('Instagram carousel', () => ({ media: [media.item('sample.jpg'), media.item('sample.jpg')] })),
    kind('Instagram reel', () => ({ media: [media.item('sample.mp4')] })),
  ];
}
