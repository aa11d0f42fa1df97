// One Instagram account of a sandbox, and what the adapter does with it: each step over a real socket, the sandbox's
// own record as the judge.
import type { MediaItem } from '../../../src/domain/schedules/post.ts';
import type { CreateReading, Look, SentIntent } from '../../../src/platforms/create-and-look.ts';
import { adapter } from '../../../src/platforms/instagram/adapter.ts';
import type { Json, PlatformSession } from '../../../src/platforms/sessions.ts';
import { AlreadyLive, StepRefused, StepUnanswered } from '../../../src/platforms/step-errors.ts';
import type { AccountCard, NewFault, SandboxControl } from '../../../src/sandbox/control.ts';
import type { Post } from '../../../src/sandbox/posts.ts';
import type { AdapterSession } from '../../harness/adapter-session.ts';
import { openStage } from '../../sandbox/stage.ts';
import { openInstagram, type Situation } from './open-session.ts';

export interface Sandboxed {
  readonly url: string;
  readonly control: SandboxControl;
  account(settings?: Record<string, unknown>, tokenAgeMs?: number): Promise<AccountCard>;
  close(): Promise<void>;
}

/** Starts a sandbox with its own record. */
export async function openSandbox(): Promise<Sandboxed> {
  const stage = await openStage();
  return {
    url: stage.url,
    control: stage.control,
    account: (settings = {}, tokenAgeMs = 0) =>
      stage.control.createAccount({
        platform: 'instagram',
        name: 'Ada',
        tokenAgeMs,
        settings: { processingMs: 20, ...settings },
      }),
    close: stage.close,
  };
}

/** Media the sandbox serves itself. */
export function sample(url: string, kind: 'jpg' | 'png' | 'mp4', name = 'a'): MediaItem {
  const mediaType = ({ jpg: 'image/jpeg', png: 'image/png', mp4: 'video/mp4' } as const)[kind];
  return { url: `${url}/media/sample.${kind}?${name}`, mediaType, sizeBytes: 10_000 };
}

/** One publish of one account, step by step. */
export interface Publish {
  readonly session: AdapterSession;
  fault(call: string, fault: NewFault['fault'], times?: number | null): Promise<void>;
  prepare(): Promise<string>;
  /** Sends the create as the protocol does and reads it; `no answer` and what never left are told by name. */
  send(): Promise<CreateReading | { readonly kind: string }>;
  look(taken?: readonly string[]): Promise<Look | { readonly kind: string }>;
  live(): Promise<Post[]>;
}

/** Opens a publish; its session must be closed. */
export function openPublish(sandbox: Sandboxed, card: AccountCard, situation: Situation = {}): Publish {
  const session = openInstagram({
    apiBase: `${sandbox.url}/instagram/v25.0`,
    remoteId: card.igUserId,
    grant: { accessToken: card.accessToken },
    media: [sample(sandbox.url, 'jpg')],
    timeoutMs: 400,
    ...situation,
  });
  // Pauses are kept short here: the sandbox is in a hurry as well.
  const hurried: PlatformSession = { ...session, wait: (ms) => session.wait(Math.min(ms, 25)) };
  const sent: { intent?: Omit<SentIntent, 'takenPostIds'> } = {};
  return {
    session,
    fault: async (call, fault, times = 1) =>
      void (await sandbox.control.addFault({ platform: 'instagram', account: card.id, call, fault, times })),
    prepare: () => outcomeOf(adapter.prepare(hurried).then(() => 'prepared')),
    async send() {
      const sentAt = new Date();
      sent.intent = {
        sentAt,
        sendDeadline: new Date(sentAt.getTime() + 15_000),
        markers: structuredClone<Readonly<Record<string, Json>>>(adapter.create(session).markers),
      };
      const exchange = await session.sendCreate(adapter);
      if (exchange.kind !== 'answer') return { kind: exchange.kind };
      return exchange.status >= 500 ? { kind: `answered ${exchange.status}` } : adapter.readCreate(exchange, session);
    },
    async look(taken = []) {
      if (!sent.intent) return { kind: 'nothing was sent' };
      const looked = adapter.look(hurried, { ...sent.intent, takenPostIds: new Set(taken) });
      return looked.catch(async (error: unknown) => ({ kind: await outcomeOf(Promise.reject(error)) }));
    },
    live: () => sandbox.control.live({ platform: 'instagram', account: card.id }),
  };
}

/** What a step came to: its own word, the refused cause, or `unanswered`. */
export async function outcomeOf(step: Promise<string>): Promise<string> {
  try {
    return await step;
  } catch (error) {
    if (error instanceof StepRefused) return error.cause.code;
    if (error instanceof AlreadyLive) return 'already live';
    if (error instanceof StepUnanswered) return 'unanswered';
    throw error;
  }
}
