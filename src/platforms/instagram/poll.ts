// Asks a container until it is ready, dead, or out of time (platform reference 2.2, "Poll").

import { askGraph, graphGet } from '../meta/graph-call.ts';
import { GraphRefused, type Refusal } from '../meta/refusal.ts';
import type { PlatformSession } from '../sessions.ts';
import { ageMs, type ContainerRecord } from './container-record.ts';
import { INSTAGRAM } from './errors.ts';
import { failedContainer } from './failed-container.ts';
import type { ContainerSpec } from './plan.ts';
import { isGone } from './refusals.ts';
import { type ContainerStatus, containerStatusSchema } from './wire.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** Unpublished containers die after 24 hours; one this old is not worth beginning with. */
const USABLE_MS = 23.5 * 3_600_000;

/** A container that was just made may not be seen yet by the server that is asked (24/2207008). */
const UNSEEN_MS = 30_000;

/** What a container came to. `lost` ones can be made anew when `again`; the refusal says why they are lost. */
export type ContainerOutcome =
  | { readonly kind: 'ready' }
  | { readonly kind: 'published' }
  | { readonly kind: 'timed_out'; readonly lastStatus: string }
  | { readonly kind: 'expired' }
  | { readonly kind: 'lost'; readonly refusal: Refusal };

/** Polls with growing pauses until `mediaProcessingMs` after the container was made, and at least once. */
export async function pollContainer(
  session: PlatformSession,
  spec: ContainerSpec,
  record: ContainerRecord,
): Promise<ContainerOutcome> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const read = await readStatus(session, spec, record);
    if (read.kind !== 'processing') return read;
    const leftMs = session.mediaProcessingMs - ageMs(session, record);
    if (leftMs <= 0) return { kind: 'timed_out', lastStatus: read.status };
    await session.wait(Math.min(pauseMs, leftMs));
  }
}

type Reading = ContainerOutcome | { readonly kind: 'processing'; readonly status: string };

async function readStatus(session: PlatformSession, spec: ContainerSpec, record: ContainerRecord): Promise<Reading> {
  try {
    const status = await askContainer(session, record.id, spec.stage);
    return readingOf(session, spec, record, status);
  } catch (error) {
    if (!(error instanceof GraphRefused) || !isGone(error.refusal)) throw error;
    if (ageMs(session, record) < UNSEEN_MS) return { kind: 'processing', status: 'not to be seen yet' };
    return { kind: 'lost', refusal: error.refusal };
  }
}

function readingOf(
  session: PlatformSession,
  spec: ContainerSpec,
  record: ContainerRecord,
  status: ContainerStatus,
): Reading {
  switch (status.status_code) {
    case 'PUBLISHED':
      return { kind: 'published' };
    case 'EXPIRED':
      return { kind: 'expired' };
    case 'ERROR':
      return { kind: 'lost', refusal: failedContainer(session, spec.stage, status) };
    case 'FINISHED':
      return ageMs(session, record) > USABLE_MS ? { kind: 'expired' } : { kind: 'ready' };
    default:
      return { kind: 'processing', status: status.status_code };
  }
}

/** One reading of a container's status. @throws GraphRefused | StepUnanswered */
export function askContainer(
  session: PlatformSession,
  containerId: string,
  stage: ContainerSpec['stage'] | 'reconcile',
): Promise<ContainerStatus> {
  const request = graphGet(session, `/${encodeURIComponent(containerId)}`, { fields: 'status_code,status' });
  return askGraph(session, INSTAGRAM, request, stage, containerStatusSchema);
}
