// What is kept of what a stage made: no file that holds a secret, and evidence without any.
import { z } from 'zod';
import { plainJson } from '../../domain/text/plain-text.ts';
import { type Answer, BadAnswer } from './answer.ts';
import type { Concealer } from './conceal.ts';
import type { MadeFile, StageEnd } from './runner.ts';

type Made = Extract<StageEnd, { kind: 'made' }>;

/** @throws BadAnswer where a file holds the value of a secret: it would go out with the post */
export function made(files: readonly MadeFile[], { evidence }: Answer, conceal: Concealer): Made {
  for (const { name, bytes } of files) {
    const holder = conceal.holderOf(bytes);
    if (holder === null) continue;
    const sentence = `"${name}" holds the value of ${holder}, so it was not kept; take it out of what is made, then retry.`;
    throw new BadAnswer('answer_misfit', sentence);
  }
  if (evidence === undefined) return { kind: 'made', files };
  return { kind: 'made', files, evidence: z.json().parse(plainJson(conceal.json(evidence))) };
}
