// What a program made: what its answer says, and for what it does not name, the files of its folder.
import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import type { ArtifactSpec, StageSpec } from '../../../domain/pipeline/contract.ts';
import type { Json } from '../../../platforms/sessions.ts';
import { type Answer, BadAnswer, inlineBytes, namedIn, wantedFiles } from '../answer.ts';
import type { MadeFile } from '../runner.ts';
import { readInside, type Unread } from './folder.ts';

const pathSchema = z.strictObject({ path: z.string().min(1).max(4_096) });

/** Reads every declared artifact, of `maxBytes` in all. @throws BadAnswer */
export async function madeFiles(
  answer: Answer,
  stage: StageSpec,
  folder: string,
  maxBytes: number,
): Promise<MadeFile[]> {
  const said = namedIn(answer, stage);
  const files: MadeFile[] = [];
  let leftBytes = maxBytes;
  for (const artifact of wantedFiles(answer, stage, await readdir(folder))) {
    const bytes = await bytesOf(artifact, said(artifact.name), folder, leftBytes);
    leftBytes -= bytes.byteLength;
    if (leftBytes < 0) throw tooLarge(artifact.name, maxBytes);
    files.push({ name: artifact.name, bytes });
  }
  return files;
}

async function bytesOf(artifact: ArtifactSpec, value: Json | undefined, folder: string, maxBytes: number) {
  const named = pathSchema.safeParse(value).data?.path;
  if (value !== undefined && named === undefined) return inlineBytes(artifact, value);
  const read = await readInside(folder, named ?? artifact.name, maxBytes);
  if (typeof read !== 'string') return read;
  if (read === 'too_large') throw tooLarge(artifact.name, maxBytes);
  throw new BadAnswer('answer_misfit', `${WORDS[read](artifact.name)} Mend the program, then retry.`);
}

const WORDS: Readonly<Record<Exclude<Unread, 'too_large'>, (name: string) => string>> = {
  absent: (name) =>
    `"${name}" was not made: the answer does not hold it, and no file of that name stands in the folder.`,
  outside: (name) => `The path of "${name}" leads out of its folder, so it was not read.`,
  no_file: (name) => `"${name}" is no plain file.`,
  linked: (name) => `"${name}" is a file with a second name elsewhere, so it was not read; a copy would be.`,
  unreadable: (name) => `"${name}" could not be read.`,
};

function tooLarge(name: string, maxBytes: number): BadAnswer {
  const sentence = `With "${name}" it made more than the ${maxBytes} bytes it may; make less, or allow it more by max_output.`;
  return new BadAnswer('output_too_large', sentence);
}
