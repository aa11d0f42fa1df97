// The attempt of a stage as the room of runs hands it to a runner.
import { createHash } from 'node:crypto';
import type { StageSpec } from '../../../src/domain/pipeline/contract.ts';
import type { StageControl, StageInput, StageWork } from '../../../src/pipeline/runners/runner.ts';

/** What all stages have, whoever does them. */
export const COMMON = {
  id: 'style',
  inputs: ['draft.md'],
  artifacts: [
    { name: 'styled.md', mediaType: 'text/markdown' },
    { name: 'style.json', mediaType: 'application/json' },
  ],
  gates: [],
  timeoutMs: 30_000,
  retry: { attempts: 1, firstMs: 1_000, maxMs: 1_000 },
  effect: 'none',
  next: null,
  terminal: 'done',
} as const;

export function input(name: string, mediaType: string, content: string | Uint8Array): StageInput {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { name, mediaType, sha256, sizeBytes: bytes.byteLength, bytes: async () => bytes };
}

export const DRAFT = input('draft.md', 'text/markdown', '# Grüße\n\nÜber alles.\n');

export function workOf(stage: StageSpec, inputs: readonly StageInput[] = [DRAFT]): StageWork {
  return {
    workspaceId: 'w1',
    runId: '20261128-080000-hello',
    pipeline: 'article',
    stage,
    attempt: 2,
    key: 'key-of-this-stage-0001',
    slug: 'hello',
    zone: 'news',
    title: 'Hello',
    inputs,
  };
}

export interface TestControl extends StageControl {
  readonly beats: () => number;
}

export function control(signal: AbortSignal = new AbortController().signal): TestControl {
  let beats = 0;
  return {
    signal,
    mayLeave: () => !signal.aborted,
    beats: () => beats,
    heartbeat() {
      beats += 1;
    },
  };
}
