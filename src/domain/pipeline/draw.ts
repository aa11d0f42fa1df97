// Draws a pipeline, for people who read its contract: as text, and as a Mermaid flow chart.
import { inOrder, type PipelineContract, type StageSpec } from './contract.ts';

/** One stage a line, with what it needs, makes and waits for. */
export function drawText(contract: PipelineContract): string {
  const head = [`${contract.name} → ${contract.destination ?? 'no destination'}`, ...given(contract)];
  const stages = inOrder(contract).flatMap((stage) => [`  │`, `  ▼`, ...stageLines(stage)]);
  return [...head, ...stages].join('\n');
}

function given({ inputs, zones }: PipelineContract): string[] {
  const files = inputs.map(({ name }) => name).join(', ') || 'nothing';
  const places = Object.entries(zones).map(([zone, address]) => `zone ${zone}: ${address}`);
  return [`given: ${files}`, ...places];
}

function stageLines(stage: StageSpec): string[] {
  const { id, inputs, artifacts, gates, terminal, effect } = stage;
  const lines = [`${id} (${doneBy(stage)})`];
  if (gates.length > 0) lines.push(`  gates: ${gates.join(', ')}`);
  if (inputs.length > 0) lines.push(`  needs: ${inputs.join(', ')}`);
  if (artifacts.length > 0) lines.push(`  makes: ${artifacts.map(({ name }) => name).join(', ')}`);
  if (effect !== 'none') lines.push(`  effect: ${effect}`);
  if (terminal !== null) lines.push(`  ends: ${terminal}`);
  return lines;
}

function doneBy(stage: StageSpec): string {
  switch (stage.runner) {
    case 'builtin':
      return stage.uses === stage.id ? 'builtin' : `builtin ${stage.uses}`;
    case 'command':
      return `command ${stage.command[0] ?? ''}`;
    case 'http':
      return `http ${new URL(stage.url).host}`;
    case 'mcp':
      return `mcp ${stage.server}/${stage.tool}`;
    case 'human':
      return 'human';
  }
}

/** A flow chart in Mermaid's words; names of stages are its ids already. */
export function drawMermaid(contract: PipelineContract): string {
  const order = inOrder(contract);
  const nodes = order.map((stage) => `  ${node(stage.id)}["${stage.id}<br/>${doneBy(stage).replaceAll('"', "'")}"]`);
  const arrows = order.flatMap(({ id, next, artifacts }) => {
    if (next === null) return [];
    const made = artifacts.map(({ name }) => name).join(', ');
    return [`  ${node(id)} -->${made === '' ? '' : `|${made}|`} ${node(next)}`];
  });
  const last = order.at(-1);
  const end = last?.terminal == null ? [] : [`  ${node(last.id)} --> end_(("${last.terminal}"))`];
  return ['flowchart TD', ...nodes, ...arrows, ...end].join('\n');
}

/** `end` is a word of Mermaid's own. */
const node = (id: string): string => `s_${id.replaceAll('-', '_')}`;
