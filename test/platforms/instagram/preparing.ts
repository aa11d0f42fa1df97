// Runs the preparation against scripted containers, on a clock that waiting moves: hours pass without being waited for.

import { adapter } from '../../../src/platforms/instagram/adapter.ts';
import type { PlatformSession } from '../../../src/platforms/sessions.ts';
import { AlreadyLive, StepRefused, StepUnanswered } from '../../../src/platforms/step-errors.ts';
import type { AdapterSession } from '../../harness/adapter-session.ts';
import { openInstagram, type Situation } from './open-session.ts';
import { type Asked, type Scripted, type ScriptedGraph, startScriptedGraph } from './scripted-graph.ts';

/** What Instagram answers; containers are named c1, c2, … in the order in which they are made. */
export interface Script {
  /** The answer to the n-th creation, from 1; by default its container. */
  readonly create?: (asked: Asked, n: number) => Scripted | undefined;
  /** The answer to the n-th question about a container, from 1; by default finished. */
  readonly status?: (containerId: string, n: number) => Scripted | undefined;
  readonly quota?: Scripted;
  readonly list?: Scripted;
}

export interface Prepared {
  readonly session: AdapterSession;
  readonly graph: ScriptedGraph;
  /** What came of it: `prepared`, the refused cause, `already live`, or `later`. */
  readonly outcome: string;
  readonly refused: StepRefused | AlreadyLive | null;
  /** The creations that were asked for, in order. */
  readonly created: readonly Readonly<Record<string, string>>[];
  /** How long the preparation waited, in ms of its own clock. */
  readonly waitedMs: number;
}

export const START = new Date('2026-03-01T06:00:00Z');

export const finished = status('FINISHED');
export const inProgress = status('IN_PROGRESS');

export function status(status_code: string, text = status_code): Scripted {
  return { body: { status_code, status: text } };
}

/** A container that failed, in Instagram's own sentence. */
export function failed(subcode: number | null): Scripted {
  return status('ERROR', subcode === null ? 'Error' : `Error: Media upload has failed with error code ${subcode}`);
}

/** Prepares one post. Close what comes back. */
export async function preparing(script: Script, situation: Situation = {}): Promise<Prepared> {
  const created: Readonly<Record<string, string>>[] = [];
  const graph = await startScriptedGraph(answering(script, created));
  const session = openInstagram({ apiBase: graph.apiBase, ...situation });
  let waitedMs = 0;
  const clocked: PlatformSession = {
    ...session,
    now: () => new Date(START.getTime() + waitedMs),
    wait: async (ms) => {
      waitedMs += ms;
    },
  };
  const { outcome, refused } = await adapter.prepare(clocked).then(
    () => ({ outcome: 'prepared', refused: null }),
    (error: unknown) => {
      if (error instanceof StepRefused) return { outcome: error.cause.code, refused: error };
      if (error instanceof AlreadyLive) return { outcome: 'already live', refused: error };
      if (error instanceof StepUnanswered) return { outcome: `later at ${error.stage}`, refused: null };
      throw error;
    },
  );
  return { session, graph, outcome, refused, created, waitedMs };
}

function answering(script: Script, created: Readonly<Record<string, string>>[]) {
  const questions = new Map<string, number>();
  return (asked: Asked): Scripted => {
    if (asked.path.endsWith('/content_publishing_limit')) return script.quota ?? { status: 404, body: '' };
    if (asked.path.endsWith('/media') && asked.method === 'GET') return script.list ?? { body: { data: [] } };
    if (asked.path.endsWith('/media')) {
      created.push(asked.params);
      return script.create?.(asked, created.length) ?? { body: { id: `c${created.length}` } };
    }
    const id = asked.path.slice(1);
    const n = (questions.get(id) ?? 0) + 1;
    questions.set(id, n);
    return script.status?.(id, n) ?? finished;
  };
}
