// The public address of a live post. Best effort: it can never fail a publish.

import { askGraph, graphGet } from '../meta/graph-call.ts';
import type { PlatformSession } from '../sessions.ts';
import { StepRefused, StepUnanswered } from '../step-errors.ts';
import { INSTAGRAM } from './errors.ts';
import { permalinkSchema } from './wire.ts';

/** The post's permalink, or null when Instagram does not tell it now. */
export async function link(session: PlatformSession, platformPostId: string): Promise<string | null> {
  const request = graphGet(session, `/${encodeURIComponent(platformPostId)}`, { fields: 'permalink' });
  try {
    return (await askGraph(session, INSTAGRAM, request, 'create', permalinkSchema)).permalink;
  } catch (error) {
    if (error instanceof StepRefused || error instanceof StepUnanswered) return null;
    throw error;
  }
}
