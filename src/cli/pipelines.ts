// `oncepost pipelines`: checks the contract of a settings file, and draws it.
import { Command } from 'commander';
import type { PipelineContract } from '../domain/pipeline/contract.ts';
import { drawMermaid, drawText } from '../domain/pipeline/draw.ts';
import { contractText } from '../domain/pipeline/version.ts';
import type { Env } from '../runtime/env.ts';
import { sha256Hex } from '../runtime/ids.ts';
import { loadSettings } from '../runtime/settings/load-settings.ts';
import { settingsFileOf } from '../runtime/settings/settings-file.ts';
import { SettingsRefused } from '../runtime/settings/settings-refused.ts';
import { CommandRefused } from './command-refused.ts';

export function pipelinesCommand(env: Env): Command {
  const command = new Command('pipelines').description('check and draw the pipelines of temporal.yaml');
  command
    .command('check')
    .description('see whether a settings file can be used; nothing is started')
    .argument('[file]', 'the file; the one that workers use without it')
    .action((file: string | undefined) => {
      const pipelines = read(env, file);
      for (const contract of pipelines) {
        console.log(
          `${contract.name}: ${contract.stages.length} stages, version ${sha256Hex(contractText(contract)).slice(0, 12)}`,
        );
      }
      console.log(pipelines.length === 0 ? 'It names no pipelines.' : 'It can be used.');
    });
  command
    .command('show')
    .description('draw a pipeline')
    .argument('[name]', 'its name; all of them without it')
    .option('--file <file>', 'another settings file')
    .option('--mermaid', 'as a flow chart in Mermaid')
    .option('--json', 'the contract as JSON')
    .action((name: string | undefined, options: { file?: string; mermaid?: true; json?: true }) => {
      const chosen = choose(read(env, options.file), name);
      if (options.json) return console.log(JSON.stringify(chosen, null, 2));
      console.log(chosen.map(options.mermaid ? drawMermaid : drawText).join('\n\n'));
    });
  return command;
}

/** @throws CommandRefused with file, line, and what is allowed */
function read(env: Env, file: string | undefined): readonly PipelineContract[] {
  try {
    return Object.values(loadSettings(file ?? settingsFileOf(env)).pipelines);
  } catch (error) {
    if (!(error instanceof SettingsRefused)) throw error;
    throw new CommandRefused(`${error.message.replace(/\.$/, '')}; nothing was started.`);
  }
}

function choose(pipelines: readonly PipelineContract[], name: string | undefined): readonly PipelineContract[] {
  if (name === undefined) return pipelines;
  const chosen = pipelines.filter((contract) => contract.name === name);
  if (chosen.length > 0) return chosen;
  const known = pipelines.map((contract) => contract.name).join(', ') || 'none';
  throw new CommandRefused(`There is no pipeline "${name}"; the file names ${known}.`);
}
