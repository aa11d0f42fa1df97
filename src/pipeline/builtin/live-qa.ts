// The stage `live_qa`: fetches the public page as a visitor does and checks that it is the planned post.

import { leaksInHtml } from '../../domain/pipeline/leakage/in-html.ts';
import { stageCause } from '../../domain/pipeline/stage-causes.ts';
import { bodyText } from '../../transport/exchange.ts';
import type { PipelineContext } from '../context.ts';
import type { StageEnd } from '../runners/runner.ts';
import type { StageTask } from '../runs/stage-task.ts';
import { jsonFile } from './json-file.ts';
import { planPost } from './plan-post.ts';

/** @throws BadInput */
export async function liveQa(context: PipelineContext, task: StageTask): Promise<StageEnd> {
  const planned = await planPost(task);
  const { answerMs: timeoutMs } = context.settings.timeouts;
  const answer = await context.transport.send({ method: 'GET', url: planned.address }, { timeoutMs });
  const html = answer.kind === 'answer' ? bodyText(answer) : '';
  const checks = [
    { check: 'status', expected: '200', seen: answer.kind === 'answer' ? String(answer.status) : answer.detail },
    { check: 'title', expected: planned.title, seen: html.includes(planned.title) ? planned.title : 'not there' },
    { check: 'no_markers', expected: '0', seen: String(leaksInHtml(html).length) },
  ];
  const wrong = checks.find(({ expected, seen }) => expected !== seen);
  if (wrong) {
    const text = `${planned.address}: ${wrong.check} is ${wrong.seen}, not ${wrong.expected}.`;
    return { kind: 'failed', cause: stageCause('page_differs', text) };
  }
  return { kind: 'made', files: [jsonFile(task.work.stage, { address: planned.address, checks })] };
}
