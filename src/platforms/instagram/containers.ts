// Makes one container and brings it to FINISHED, anew where Instagram's own table says to try again. Containers are
// invisible, so one that is left behind does no harm.

import { askGraph, graphPost, type Params } from '../meta/graph-call.ts';
import { GraphRefused, type Refusal } from '../meta/refusal.ts';
import type { PlatformSession } from '../sessions.ts';
import { StepRefused, StepUnanswered } from '../step-errors.ts';
import { type ContainerRecord, recordIn, saveContainer, savedContainer } from './container-record.ts';
import { INSTAGRAM } from './errors.ts';
import { alreadyPublished, keepFormer } from './former-containers.ts';
import { ownCause } from './own-cause.ts';
import { type ContainerSpec, PUBLISHED_SLOT } from './plan.ts';
import { type ContainerOutcome, pollContainer } from './poll.ts';
import { isGone, isPassing, isServiceTrouble, repeatedCause } from './refusals.ts';
import { createdSchema } from './wire.ts';

const TRIES = 3;
const PAUSE_MS = 2_000;

/** The container saved for this slot, or a new one in place of what stands there. @throws StepRefused | StepUnanswered */
export async function ensureContainer(session: PlatformSession, spec: ContainerSpec): Promise<ContainerRecord> {
  const saved = savedContainer(session, spec);
  if (saved !== undefined) return saved;
  await retire(session, spec, recordIn(session, spec.slot));
  for (let tried = 1; ; tried += 1) {
    const params = fetchable(session, await spec.params());
    try {
      const request = graphPost(session, `/${encodeURIComponent(session.account.remoteId)}/media`, params);
      const { id } = await askGraph(session, INSTAGRAM, request, spec.stage, createdSchema);
      const record = await saveContainer(session, spec, id);
      await session.reach(`${spec.point}_created`);
      return record;
    } catch (error) {
      if (!(error instanceof GraphRefused) || !worthMaking(error.refusal, spec)) throw error;
      if (tried >= TRIES) throw givenUp(error.refusal, spec);
    }
    await session.wait(PAUSE_MS * tried);
  }
}

/** Instagram fetches the file itself. What the container is made from names the file by its own address. */
function fetchable({ media }: PlatformSession, params: Params): Params {
  const { image_url, video_url } = params;
  return {
    ...params,
    ...(image_url === undefined ? {} : { image_url: media.publicAddress(image_url) }),
    ...(video_url === undefined ? {} : { video_url: media.publicAddress(video_url) }),
  };
}

/**
 * Brings the slot's container to FINISHED, with a new one in place of a lost one. One that an earlier pass left behind
 * is replaced whatever became of it. @throws StepRefused | StepUnanswered | AlreadyLive
 */
export async function readyContainer(
  session: PlatformSession,
  spec: ContainerSpec,
  passStartedAt: Date,
): Promise<ContainerRecord> {
  for (let tried = 1; ; tried += 1) {
    const record = await ensureContainer(session, spec);
    const outcome = await pollContainer(session, spec, record);
    if (outcome.kind === 'ready') {
      await session.reach(`${spec.point}_ready`);
      return record;
    }
    if (outcome.kind === 'published') throw alreadyPublished();
    const leftBehind = Date.parse(record.createdAt) < passStartedAt.getTime();
    if (leftBehind) await retire(session, spec, record);
    await session.remote.drop(spec.slot);
    if (tried >= TRIES || !(leftBehind || worthAnother(outcome))) throw failureOf(outcome, spec);
    await session.wait(PAUSE_MS * tried);
  }
}

/** What an earlier pass made to be published, it may have sent: it is asked before every create to come. */
async function retire(session: PlatformSession, { slot }: ContainerSpec, record?: ContainerRecord): Promise<void> {
  if (slot === PUBLISHED_SLOT && record !== undefined) await keepFormer(session, record.id);
}

/** Refused while being made. A parent whose children are gone gets new ones: its parameters are asked again. */
function worthMaking(refusal: Refusal, spec: ContainerSpec): boolean {
  return isPassing(refusal) || (spec.stage === 'parent' && isGone(refusal));
}

function worthAnother(outcome: ContainerOutcome): boolean {
  if (outcome.kind === 'lost') return isPassing(outcome.refusal) || isGone(outcome.refusal);
  return outcome.kind === 'expired';
}

function failureOf(outcome: ContainerOutcome, spec: ContainerSpec): StepRefused | StepUnanswered {
  if (outcome.kind === 'lost') return givenUp(outcome.refusal, spec);
  const text =
    outcome.kind === 'timed_out'
      ? `Instagram did not finish the media in time; it last said ${outcome.lastStatus}.`
      : 'Instagram calls every new container expired.';
  const code = spec.stage === 'parent' ? 'parent_create_failed' : 'child_processing_timeout';
  return new StepRefused(ownCause(code, spec.stage, text));
}

/** The tries are used up. The service's own trouble passes without a person; a container that stays gone does not. */
function givenUp(refusal: Refusal, spec: ContainerSpec): StepRefused | StepUnanswered {
  if (isServiceTrouble(refusal)) return new StepUnanswered(spec.stage, refusal.cause.externalText);
  return new StepRefused(repeatedCause(refusal));
}
