// `oncepost runs start`: starts a run with what its pipeline wants to be given.
import { basename } from 'node:path';
import { Command } from 'commander';
import type { RunAccepted } from '../../domain/pipeline/run-view.ts';
import type { Env } from '../../runtime/env.ts';
import { print, withClient } from '../with-client.ts';
import { handedFile } from './handed.ts';

interface Options {
  readonly pipeline: string;
  readonly slug: string;
  readonly zone?: string;
  readonly title?: string;
  readonly brief?: string;
  readonly file: readonly string[];
  readonly id?: string;
  readonly json?: true;
}

const collect = (value: string, before: readonly string[]) => [...before, value];

const later = ({ workflow }: RunAccepted): string =>
  workflow === 'started'
    ? ''
    : ' Temporal could not be reached in time: it is stored, and starts by itself within minutes.';

export function startRunCommand(env: Env): Command {
  return new Command('start')
    .description('start a run of a pipeline')
    .requiredOption('--pipeline <name>', 'the pipeline')
    .requiredOption('--slug <slug>', "the last part of the post's address")
    .option('--zone <zone>', 'the section it is for; the only one where the pipeline has one')
    .option('--title <title>', 'its working title')
    .option('--brief <file>', 'the brief, handed over as brief.md')
    .option('--file <file>', 'another file that the pipeline wants, under its own name; may be repeated', collect, [])
    .option('--id <id>', 'the id of the run; sent again it is the same run')
    .option('--json', 'print the answer as JSON')
    .action((options: Options) =>
      withClient(env, async (client) => {
        const { pipeline, slug, zone, title, brief, file, id, json } = options;
        const files = [
          ...(brief === undefined ? [] : [['brief.md', brief]]),
          ...file.map((path) => [basename(path), path]),
        ];
        const handed = await Promise.all(files.map(async ([name = '', path = '']) => [name, await handedFile(path)]));
        const answer = await client.runs.start({
          pipeline,
          slug,
          files: Object.fromEntries(handed),
          ...(zone === undefined ? {} : { zone }),
          ...(title === undefined ? {} : { title }),
          ...(id === undefined ? {} : { id }),
        });
        print(
          answer,
          json,
          () =>
            `Run ${answer.id} of ${answer.pipeline}${answer.created ? '' : ', which was there already'}.${later(answer)}`,
        );
      }),
    );
}
