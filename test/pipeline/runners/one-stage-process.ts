// A worker in small, to be killed: it runs one stage. Arguments: the folder of private folders, that of programs, the command.
import { commandRunner } from '../../../src/pipeline/runners/command/command.ts';
import { COMMON, control, workOf } from './stage-work.ts';

const [folder = '', programsFolder = '', ...command] = process.argv.slice(2);
const run = commandRunner({ folder, programsFolder, env: process.env, graceMs: 300, warn: console.error });
await run(
  workOf({ ...COMMON, runner: 'command', command, env: [], maxOutputBytes: 1_024, timeoutMs: 600_000 }),
  control(),
);
