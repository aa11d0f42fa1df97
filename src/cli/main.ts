// The command line: `oncepost <command>`. One file per command; here they only meet.
import { Command } from 'commander';
import { type Env, keepLoopbackDirect, readEnv } from '../runtime/env.ts';
import { EXIT_REFUSED } from '../runtime/process-manners.ts';
import { StartAgainLater, StartRefused } from '../runtime/start-refused.ts';
import { tellError } from '../runtime/told-error.ts';
import { CommandRefused } from './command-refused.ts';

/** Each is loaded when it is wanted: a worker's libraries are a second that `publish` need not wait. */
const COMMANDS = {
  start: async () => (await import('./start.ts')).startCommand,
  publish: async () => (await import('./publish.ts')).publishCommand,
  check: async () => (await import('./check.ts')).checkCommand,
  items: async () => (await import('./items.ts')).itemsCommand,
  show: async () => (await import('./show.ts')).showCommand,
  incidents: async () => (await import('./incidents.ts')).incidentsCommand,
  batches: async () => (await import('./batches.ts')).batchesCommand,
  replay: async () => (await import('./replay.ts')).replayCommand,
  claim: async () => (await import('./claim.ts')).claimCommand,
  nearby: async () => (await import('./nearby.ts')).nearbyCommand,
  resolve: async () => (await import('./resolve.ts')).resolveCommand,
  resume: async () => (await import('./resume.ts')).resumeCommand,
  cancel: async () => (await import('./cancel.ts')).cancelCommand,
  reschedule: async () => (await import('./reschedule.ts')).rescheduleCommand,
  activity: async () => (await import('./activity.ts')).activityCommand,
  media: async () => (await import('./media.ts')).mediaCommand,
  handoff: async () => (await import('./handoff.ts')).handoffCommand,
  'sign-in': async () => (await import('./sign-in.ts')).signInCommand,
  people: async () => (await import('./people.ts')).peopleCommand,
  accounts: async () => (await import('./accounts.ts')).accountsCommand,
  approve: async () => (await import('./approve.ts')).approveCommand,
  edit: async () => (await import('./edit.ts')).editCommand,
  'review-link': async () => (await import('./review-link.ts')).reviewLinkCommand,
  hold: async () => (await import('./hold.ts')).holdCommand,
  tonight: async () => (await import('./tonight.ts')).tonightCommand,
  workspace: async () => (await import('./workspace.ts')).workspaceCommand,
  connect: async () => (await import('./connect.ts')).connectCommand,
  apps: async () => (await import('./apps.ts')).appsCommand,
  proof: async () => (await import('./proof/proof.ts')).proofCommand,
  keys: async () => (await import('./keys.ts')).keysCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  notifications: async () => (await import('./notifications.ts')).notificationsCommand,
  pipelines: async () => (await import('./pipelines.ts')).pipelinesCommand,
  runs: async () => (await import('./runs/runs.ts')).runsCommand,
  server: async () => (await import('./server.ts')).serverCommand,
  worker: async () => (await import('./worker.ts')).workerCommand,
  codec: async () => (await import('./codec.ts')).codecCommand,
  migrate: async () => (await import('./migrate.ts')).migrateCommand,
  sandbox: async () => (await import('./sandbox.ts')).sandboxCommand,
  practice: async () => (await import('./practice.ts')).practiceCommand,
} as const satisfies Record<string, () => Promise<(env: Env) => Command>>;

/** The command that is named first; all of them for the help, and for a name there is not. */
function wanted(name: string): (() => Promise<(env: Env) => Command>)[] {
  const named = Object.entries(COMMANDS).find(([known]) => known === name);
  return named ? [named[1]] : Object.values(COMMANDS);
}

const program = new Command('oncepost').description('Publish once, recover without republishing.').showHelpAfterError();

try {
  keepLoopbackDirect(process.env);
  const env = readEnv(process.env);
  for (const load of wanted(process.argv[2] ?? '')) program.addCommand((await load())(env));
  await program.parseAsync();
  // The channel to a supervisor would keep a process alive that has nothing left to do.
  if (process.connected) process.disconnect();
} catch (error) {
  const refused = error instanceof StartRefused || error instanceof CommandRefused;
  console.error(refused || error instanceof StartAgainLater ? error.message : tellError(error));
  // The supervisor reads this as "do not start it again"; a person reads the sentence.
  process.exit(process.send && refused ? EXIT_REFUSED : 1);
}
