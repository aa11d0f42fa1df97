// Waits until X can show an upload: it says itself when to ask again.
import type { PlatformSession } from '../sessions.ts';
import { StepRefused } from '../step-errors.ts';
import { addressOf, bareCall } from './calls.ts';
import { PROCESSING } from './errors.ts';
import { askUpload } from './media-call.ts';
import { statedCause } from './problem.ts';
import type { Processing, Upload } from './wire.ts';

const DEFAULT_PAUSE_MS = 1_000;
const SHORTEST_PAUSE_MS = 100;

/** Asks how an upload stands. @throws StepRefused | StepUnanswered */
export async function askStatus(session: PlatformSession, mediaId: string): Promise<Upload> {
  const query = { command: 'STATUS', media_id: mediaId };
  return await askUpload(session, bareCall(session, 'GET', addressOf(session, '/2/media/upload', query)));
}

/**
 * Asks until the upload is ready, pausing as X says, for at most `session.mediaProcessingMs`. `known` is what X has
 * already said; without it X is asked at once.
 * @throws StepRefused with `media_invalid` when X cannot transcode it, `child_processing_timeout` when time is up.
 */
export async function awaitReady(session: PlatformSession, mediaId: string, known?: Processing): Promise<void> {
  const deadline = session.now().getTime() + session.mediaProcessingMs;
  let processing = known ?? (await askStatus(session, mediaId)).processing_info;
  while (processing !== undefined && processing.state !== 'succeeded') {
    if (processing.state === 'failed') throw failed(session, processing);
    const leftMs = deadline - session.now().getTime();
    if (leftMs <= 0) throw timedOut(session, processing);
    await session.wait(Math.min(pauseMs(processing), leftMs));
    processing = (await askStatus(session, mediaId)).processing_info;
  }
}

function pauseMs({ check_after_secs: seconds }: Processing): number {
  return seconds === undefined ? DEFAULT_PAUSE_MS : Math.max(seconds * 1_000, SHORTEST_PAUSE_MS);
}

function failed(session: PlatformSession, { error }: Processing): StepRefused {
  const reason = [error?.name, error?.message].filter((part) => part !== undefined).join(': ');
  return refused(session, PROCESSING.failed, `X could not process the media${reason === '' ? '' : ` (${reason})`}.`);
}

function timedOut(session: PlatformSession, { state }: Processing): StepRefused {
  const seconds = Math.round(session.mediaProcessingMs / 1_000);
  return refused(
    session,
    PROCESSING.timedOut,
    `X had not finished processing the media after ${seconds} s (${state}).`,
  );
}

function refused(session: PlatformSession, code: string, message: string): StepRefused {
  return new StepRefused(statedCause({ stage: 'media', httpStatus: 200, code, message }, session));
}
