// `oncepost runs pull` and `oncepost runs submit`: the artifacts of a run as files of this machine, and back.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { isGroup, names } from '../../domain/pipeline/artifact-names.ts';
import type { Env } from '../../runtime/env.ts';
import { CommandRefused } from '../command-refused.ts';
import { print, withClient } from '../with-client.ts';
import { handedFile } from './handed.ts';

export function pullCommand(env: Env): Command {
  return new Command('pull')
    .description('write the newest version of each artifact into a folder')
    .argument('<id>', "the run's id")
    .argument('<folder>', 'where to; made where it is missing')
    .action((id: string, folder: string) =>
      withClient(env, async (client) => {
        const { artifacts } = await client.runs.get(id);
        await mkdir(folder, { recursive: true });
        const made = [...new Set(artifacts.map(({ name }) => name))];
        for (const name of made) await writeFile(join(folder, name), await client.runs.artifact(id, name));
        console.log(made.length === 0 ? 'The run has no artifacts yet.' : `Wrote ${made.join(', ')}.`);
      }),
    );
}

export function submitCommand(env: Env): Command {
  return new Command('submit')
    .description('hand in what a stage makes')
    .argument('<id>', "the run's id")
    .argument('<stage>', 'the stage that the run stands at')
    .argument('<folder>', 'a folder that holds the files the stage makes, under their names; others are left alone')
    .option('--note <text>', 'why, for the record')
    .option('--json', 'print the answer as JSON')
    .action((id: string, stage: string, folder: string, { note, json }: { note?: string; json?: true }) =>
      withClient(env, async (client) => {
        const wanted = (await client.runs.get(id)).stages.find((one) => one.id === stage);
        if (!wanted) throw new CommandRefused(`The run has no stage "${stage}"; nothing was sent.`);
        const files = await filesOf(folder, wanted.makes);
        const answer = await client.runs.send(id, 'submit', { stage, files, ...(note === undefined ? {} : { note }) });
        print(answer, json, () => `Handed in; the run stands at ${answer.stage}, ${answer.state}.`);
      }),
    );
}

/** @throws CommandRefused when the folder lacks one of them */
async function filesOf(folder: string, wanted: readonly string[]) {
  const there = await readdir(folder).catch(() => {
    throw new CommandRefused(`The folder "${folder}" cannot be read; nothing was sent.`);
  });
  const missing = wanted.find((name) => !isGroup(name) && !there.includes(name));
  if (missing !== undefined) throw new CommandRefused(`"${missing}" is not in "${folder}"; nothing was sent.`);
  const found = there.filter((file) => wanted.some((name) => names(name, file)));
  const files = await Promise.all(found.map(async (name) => [name, await handedFile(join(folder, name))] as const));
  return Object.fromEntries(files);
}
