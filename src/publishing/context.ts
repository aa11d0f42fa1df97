// What the protocol needs, built once per worker and passed down.
import type { Logger } from 'pino';
import type { Heartbeat, Remembered } from '../domain/reconcile/remembered.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { MediaStore } from '../mediastore/media-store.ts';
import type { Platforms } from '../platforms/registry.ts';
import type { Settings } from '../runtime/settings/settings.ts';
import type { McpDoor } from '../transport/mcp/door.ts';
import type { OpenMediaSource } from '../transport/media.ts';
import type { Transport } from '../transport/send.ts';
import type { CrashPoints } from './attempt/points.ts';
import type { Turnstile } from './attempt/turnstile.ts';

export interface PublishingContext {
  readonly ledger: Ledger;
  readonly platforms: Platforms;
  readonly transport: Transport;
  readonly mcp: McpDoor;
  readonly media: Pick<OpenMediaSource, 'chunks' | 'facts' | 'status'>;
  /** The media store; posts name what is in it by `media:<sha256>`. */
  readonly store: MediaStore;
  readonly settings: Settings;
  readonly points: CrashPoints;
  readonly turnstile: Turnstile;
  readonly log: Logger;
  /** Where this machine keeps files of ours, as an absolute path. */
  readonly dataFolder: string;
  /** Host and process, for the attempt's row. */
  readonly worker: string;
  /** A number from 0 up to 1, for jitter. */
  readonly random: () => number;
}

/** What runs the attempt: Temporal's activity, which wants heartbeats and may withdraw the attempt. */
export interface AttemptControl {
  heartbeat(beat: Heartbeat): void;
  /** What Temporal knows of the publish from before; null where it knows nothing. */
  readonly remembered?: Remembered | null;
  /** Calls the next publish that waits for an account, which is free. */
  callNext(accountId: string): Promise<void>;
  /** True where large media must not be carried: the worker has another task queue for them. */
  readonly leavesLargeMedia?: boolean;
  /** Fires when the attempt should end: worker shutdown, pause, reset, or the run is gone. */
  readonly withdrawn: AbortSignal;
}
