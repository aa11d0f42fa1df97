// Stages that a program of the user does. Any language will do, and no library of ours is needed.
//
// The program starts in a private folder, which is gone afterwards. What the stage needs lies there under its names:
//
//   #!/bin/sh
//   tr a-z A-Z < draft.md > loud.md
//   echo '{}'
//
// - On stdin it finds one JSON object: {run: {id, pipeline, slug, zone, title}, stage: {id, attempt, key}, inputs: [{name,
//   mediaType, sha256, path}], outputs: [{name, mediaType, path}]}. `title` may be null. It need not read it.
// - On stdout it says one JSON object in UTF-8, and nothing else; what it wants to tell people goes to stderr.
//   `{}`: what it made lies in the folder under the names of `outputs`.
//   `{"artifacts": {NAME: VALUE, ...}, "evidence": ANY}`: VALUE is the text itself, or {"path": "a file of the folder"}, or for
//   JSON the object or list. What is not named is read from the folder. `evidence` is kept beside the attempt for people to read.
//   `{"refused": "why"}`: it did nothing, and a person must see to it.
// - It ends with status 0. Any other is a failure, and so is what it leaves running.
// - Of the environment it sees PATH, LANG, HOME and TMPDIR (its folder), ONCEPOST_STAGE_KEY (the same for every attempt on the same
//   inputs: what an idempotent call is keyed by) and the variables that the stage names in `env`.
// - A program or an argument that begins with `./` stands beside temporal.yaml. All others are taken as they are; no shell reads them.
// - A stage whose effect happens once may name a second program under `lookup`. It is told the same, is run where nobody knows whether
//   the first took effect, and says `{"found": true, ...}` with the artifacts as above, or `{"found": false}`.
// - At its time limit SIGTERM asks it to end, and SIGKILL ends it with all its processes soon after.
// - It runs as the worker's own user, and is trusted like the worker: the environment is kept small, and nothing shuts it in.
//
// What it leaves running is found by its process group and session, and on Linux by the environment that its processes inherit. Not
// found is who began a session of its own with a cleaned environment after its parent ended: what holds the program's output open
// is noticed then, and nothing else of it.
import { join } from 'node:path';
import type { StageOf } from '../../../domain/pipeline/contract.ts';
import { stageCause } from '../../../domain/pipeline/stage-causes.ts';
import { BadAnswer, readAnswer, readJson } from '../answer.ts';
import { type Concealer, concealer } from '../conceal.ts';
import { brokeOff } from '../endings.ts';
import { whileBeating } from '../heartbeat.ts';
import { made } from '../keep.ts';
import { LONGEST_LOOK_MS, type Look, type Lookup, readFound, unreadable } from '../lookup.ts';
import type { Run, StageControl, StageEnd, StageWork } from '../runner.ts';
import { toldOf } from '../told.ts';
import { causeOf, notStarted, refusal, unfit } from './causes.ts';
import { givenTo, isSecretName, programEnvironment } from './environment.ts';
import { makeFolder, pathIn, removeWhole, writeInput } from './folder.ts';
import { ownerMark } from './left-over.ts';
import { madeFiles } from './made.ts';
import { type Heard, runProgram } from './program.ts';

export interface CommandDeps {
  /** Where the private folders are made. */
  readonly folder: string;
  /** What `./` stands for: the folder of temporal.yaml. */
  readonly programsFolder: string;
  /** The worker's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How long a program may take to end once it is asked to. */
  readonly graceMs: number;
  /** Told what went wrong beside the work, in one sentence. */
  warn(sentence: string): void;
}

/** Runs the program of a stage whose runner is `command`. */
export function commandRunner(deps: CommandDeps): Run {
  return async (work, control) => {
    const stage = commandStage(work);
    if (!control.mayLeave()) return { kind: 'failed', cause: stageCause('stopped', 'It was ended before it began.') };
    return inFolder(deps, work, control, async (folder) => {
      const { end, conceal } = await runIn(folder, { work, stage, words: stage.command }, control, deps);
      if (end.kind === 'not_started') return { kind: 'failed', cause: notStarted(end.code, stage) };
      const cause = causeOf(end, stage, conceal);
      return cause ? brokeOff(stage.effect, cause) : read(end, stage, folder, conceal);
    });
  };
}

/** Runs the program that a stage names under `lookup`, which finds out whether its effect took place. */
export function commandLookup(deps: CommandDeps): Look {
  return async (work, control) => {
    const stage = commandStage(work);
    const words = stage.lookup;
    if (!words) return unreadable(stageCause('not_set_up', `The stage ${stage.id} names no lookup to run.`));
    const asking = { ...stage, command: words, timeoutMs: Math.min(stage.timeoutMs, LONGEST_LOOK_MS) };
    return inFolder(deps, work, control, async (folder) => {
      const { end, conceal } = await runIn(folder, { work, stage: asking, words }, control, deps);
      if (end.kind === 'not_started') return unreadable(notStarted(end.code, asking));
      const cause = causeOf(end, asking, conceal);
      return cause ? unreadable(cause) : readLooked(end, asking, folder, conceal);
    });
  };
}

type Stage = StageOf<'command'>;

function commandStage({ stage }: StageWork): Stage {
  if (stage.runner !== 'command') throw new TypeError(`the stage ${stage.id} is none of runner command`);
  return stage;
}

async function inFolder<End>(
  deps: CommandDeps,
  work: StageWork,
  control: StageControl,
  run: (folder: string) => Promise<End>,
): Promise<End> {
  const folder = await makeFolder(deps.folder, ownerMark());
  try {
    return await whileBeating(control, () => run(folder));
  } finally {
    await removeWhole(folder).catch(() =>
      deps.warn(`The folder ${folder} of the stage ${work.stage.id} could not be removed; remove it.`),
    );
  }
}

interface Program {
  readonly work: StageWork;
  readonly stage: Stage;
  readonly words: readonly string[];
}

async function runIn(folder: string, { work, stage, words }: Program, { signal }: StageControl, deps: CommandDeps) {
  const given = givenTo(stage.env, deps.env);
  const conceal = concealer(given, isSecretName);
  const stdin = JSON.stringify(await tell(folder, work));
  const end = await runProgram(
    {
      command: words.map((word) => (word.startsWith('./') ? join(deps.programsFolder, word) : word)),
      folder,
      environment: programEnvironment(work, given, deps.env, folder),
      stdin,
      maxOutputBytes: stage.maxOutputBytes,
      timeoutMs: stage.timeoutMs,
      graceMs: deps.graceMs,
    },
    signal,
  );
  return { end, conceal };
}

/** The answer of a program that ended well. */
async function read(heard: Heard, stage: Stage, folder: string, conceal: Concealer): Promise<StageEnd> {
  try {
    const answer = readAnswer(heard.stdout);
    if (answer.refused !== undefined) return { kind: 'failed', cause: refusal(answer.refused, stage, heard, conceal) };
    return made(await madeFiles(answer, stage, folder, stage.maxOutputBytes), answer, conceal);
  } catch (error) {
    if (!(error instanceof BadAnswer)) throw error;
    return brokeOff(stage.effect, unfit(error, stage, heard, conceal));
  }
}

async function readLooked(heard: Heard, stage: Stage, folder: string, conceal: Concealer): Promise<Lookup> {
  try {
    const found = readFound(readJson(heard.stdout));
    if (!found) return { kind: 'absent' };
    const { files, evidence } = made(await madeFiles(found, stage, folder, stage.maxOutputBytes), found, conceal);
    return { kind: 'found', files, ...(evidence === undefined ? {} : { evidence }) };
  } catch (error) {
    if (!(error instanceof BadAnswer)) throw error;
    return unreadable(unfit(error, stage, heard, conceal));
  }
}

/** Writes the inputs into the folder, and answers what the program is told. */
async function tell(folder: string, work: StageWork) {
  const inputs = [];
  for (const input of work.inputs) {
    const { name, mediaType, sha256 } = input;
    inputs.push({ name, mediaType, sha256, path: await writeInput(folder, input) });
  }
  const outputs = work.stage.artifacts.map(({ name, mediaType }) => ({ name, mediaType, path: pathIn(folder, name) }));
  return { ...toldOf(work), inputs, outputs };
}
