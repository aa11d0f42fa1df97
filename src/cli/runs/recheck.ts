// `oncepost runs recheck`: has the public page of a published run looked at again, and tells what was found.
import { Command } from 'commander';
import { pause } from '../../client/call.ts';
import type { OncepostClient } from '../../client/client.ts';
import { RECHECK_VERDICTS } from '../../domain/pipeline/recheck.ts';
import type { Finding, Recheck } from '../../domain/pipeline/recheck-view.ts';
import type { Env } from '../../runtime/env.ts';
import { print, withClient } from '../with-client.ts';

const LOOK_MS = 500;
/** Five minutes: a look takes two at most, unless no worker is there. */
const MOST_LOOKS = 600;

export function recheckCommand(env: Env): Command {
  return new Command('recheck')
    .description('check the public page of a published run again, and tell what was found')
    .argument('<id>', "the run's id")
    .option('--no-wait', 'only ask for it; "runs show" tells what was found')
    .option('--json', 'print the answer as JSON')
    .action((id: string, { wait, json }: { readonly wait: boolean; readonly json?: true }) =>
      withClient(env, async (client) => {
        const { recheck } = await client.runs.recheck(id);
        const told = wait ? await untilEnded(client, id, recheck) : { recheck, finding: null };
        print(told.recheck, json, () => recheckWords(told.recheck, told.finding));
      }),
    );
}

interface Told {
  readonly recheck: Recheck;
  readonly finding: Finding | null;
}

async function untilEnded(client: OncepostClient, id: string, asked: Recheck): Promise<Told> {
  for (let looks = 1; ; looks += 1) {
    const { run, rechecks } = await client.runs.get(id);
    const recheck = rechecks.find((one) => one.id === asked.id) ?? asked;
    if (recheck.verdict !== null || looks >= MOST_LOOKS) return { recheck, finding: run.finding };
    await pause(LOOK_MS);
  }
}

/** In a few lines; `finding`: what stands found wrong of the run. */
function recheckWords({ id, verdict, says, address, askedAt }: Recheck, finding: Finding | null): string {
  if (verdict === null) return `${address} is being looked at since ${askedAt}; "runs show" tells what was found.`;
  const head = `${verdict}: ${RECHECK_VERDICTS[verdict].means}. ${says ?? ''}`;
  return finding?.recheckId === id ? `${head}\n${finding.nextStep}` : head;
}
