// What the protocol needs, built once per worker and passed down.
import type { Logger } from 'pino';
import type { Ledger } from '../ledger/ledger.ts';
import type { Platforms } from '../platforms/registry.ts';
import type { Settings } from '../runtime/settings/settings.ts';
import type { OpenMediaSource } from '../transport/media.ts';
import type { Transport } from '../transport/send.ts';
import type { CrashPoints } from './attempt/points.ts';

export interface PublishingContext {
  readonly ledger: Ledger;
  readonly platforms: Platforms;
  readonly transport: Transport;
  readonly media: Pick<OpenMediaSource, 'chunks' | 'facts'>;
  readonly settings: Settings;
  readonly points: CrashPoints;
  readonly log: Logger;
  /** Host and process, for the attempt's row. */
  readonly worker: string;
  /** A number from 0 up to 1, for jitter. */
  readonly random: () => number;
}

/** What runs the attempt: Temporal's activity, which wants heartbeats and may withdraw the attempt. */
export interface AttemptControl {
  heartbeat(detail: string): void;
  /** Fires when the attempt should end: worker shutdown, pause, reset, or the run is gone. */
  readonly withdrawn: AbortSignal;
}
