// What must hold before a stage begins.
import { type GateName, inOrder } from '../../domain/pipeline/contract.ts';
import { staleArtifacts, untracedArtifact } from '../../domain/pipeline/provenance.ts';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import { type StageCause, stageCause } from '../../domain/pipeline/stage-causes.ts';
import { newestArtifacts } from '../../ledger/runs/artifacts.ts';
import type { RunFacts } from '../../ledger/runs/run-facts.ts';
import { approvedFault, markersFault } from '../builtin/content-gates.ts';
import type { PipelineContext } from '../context.ts';
import type { StageWork } from '../runners/runner.ts';

type Gate = (context: PipelineContext, key: RunKey, facts: RunFacts, work: StageWork) => Promise<StageCause | null>;

const GATES: Readonly<Record<GateName, Gate>> = {
  approved: approvedFault,
  no_markers: markersFault,
  async provenance({ ledger }, key, { contract, spec }) {
    const newest = [...(await newestArtifacts(ledger.db, key)).values()];
    const order = inOrder(contract).map(({ id }) => id);
    const before = new Set(order.slice(0, order.indexOf(spec.id)));
    const [stale] = staleArtifacts(newest, before);
    if (stale !== undefined) {
      return stageCause('gate_blocked', `"${stale}" was made from something that has changed since; make it anew.`);
    }
    const untraced = untracedArtifact(newest, contract, before);
    if (untraced === null) return null;
    const { name, lacks } = untraced;
    return stageCause('gate_blocked', `"${name}" does not name the "${lacks}" that it was made from; make it anew.`);
  },
};

/** The first gate of the stage that does not hold, or null. */
export async function gateFault(
  context: PipelineContext,
  key: RunKey,
  facts: RunFacts,
  work: StageWork,
): Promise<StageCause | null> {
  for (const gate of facts.spec.gates) {
    const fault = await GATES[gate](context, key, facts, work);
    if (fault) return fault;
  }
  return null;
}
