// The post that a run will publish, put together from its artifacts: the same at every stage that looks at it.
import canonicalize from 'canonicalize';
import { publicAddress } from '../../domain/pipeline/contract.ts';
import { scheduleIdOfRun } from '../../domain/pipeline/run-id.ts';
import { stageCause } from '../../domain/pipeline/stage-causes.ts';
import { withAddresses } from '../../domain/pipeline/visuals/pictures.ts';
import type { ScheduleRequestInput } from '../../domain/schedules/schedule-request.ts';
import { mediaName } from '../../platforms/blog/media-name.ts';
import { sha256Hex } from '../../runtime/ids.ts';
import { postDetailsSchema } from '../runs/known-files.ts';
import type { StageTask } from '../runs/stage-task.ts';
import { type PlannedPicture, picturesOf } from './pictures.ts';
import { BadInput, readJsonInput, readText } from './read-input.ts';

/** Under this name a stage tells what stands around the text. */
const DETAILS = 'seo.json';

export interface PlannedPost {
  readonly title: string;
  /** Markdown, without the heading that is its title, its pictures named as a blog will call them. */
  readonly body: string;
  readonly pictures: readonly PlannedPicture[];
  /** What is handed over to be published. */
  readonly request: ScheduleRequestInput & { readonly id: string };
  /** SHA-256, hex, over everything that goes out: what an approval binds to. */
  readonly fingerprint: string;
  /** Where readers will find it. */
  readonly address: string;
}

/** @throws BadInput when what is there makes no post */
export async function planPost({ facts, work }: Pick<StageTask, 'facts' | 'work'>): Promise<PlannedPost> {
  const { contract } = facts;
  const { runId, slug, zone } = work;
  const { destination } = contract;
  const address = publicAddress(contract, zone, slug);
  if (destination === null || address === null) throw noPost('The pipeline names no destination and zone for it.');
  const text = await readText(work.inputs);
  const { title: told, description, tags } = (await readJsonInput(work.inputs, DETAILS, postDetailsSchema)) ?? {};
  const { heading, rest } = withoutTitle(text);
  const title = told ?? work.title ?? heading;
  if (title === null) throw noPost(`It has no title: neither ${DETAILS}, nor the run, nor a heading names one.`);
  const body = heading === title ? rest : text;
  const pictures = await picturesOf(work.inputs, body);
  const content = {
    account: destination,
    text: withAddresses(body, new Map(pictures.map(({ address, medium }) => [address, medium.url]))),
    // A post without pictures is fingerprinted as it always was.
    ...(pictures.length === 0 ? {} : { media: pictures.map(({ medium }) => medium) }),
    options: {
      title,
      slug,
      zone,
      ...(description === undefined ? {} : { excerpt: description }),
      ...(tags === undefined ? {} : { tags }),
    },
  };
  const fingerprint = sha256Hex(canonicalize(content) ?? '');
  const request = { id: scheduleIdOfRun(runId), ...content, approvalRequired: asksForApproval(facts.contract) };
  const onPage = new Map(pictures.map((picture, index) => [picture.address, mediaName(slug, index)]));
  return { title, body: withAddresses(body, onPage), pictures, request, fingerprint, address };
}

const noPost = (sentence: string): BadInput => new BadInput(stageCause('input_missing', sentence));

/** True where a stage of the pipeline waits for a yes: its post does not go out without one, whatever starts it. */
function asksForApproval({ stages }: Pick<StageTask['facts']['contract'], 'stages'>): boolean {
  return stages.some((stage) => stage.runner === 'builtin' && stage.uses === 'approve');
}

/** A heading of the first level at the very beginning is the title, which blogs show by themselves. */
function withoutTitle(text: string): { readonly heading: string | null; readonly rest: string } {
  const [line, heading] = /^\uFEFF?\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\r?\n|$)/.exec(text) ?? [];
  if (line === undefined || heading === undefined) return { heading: null, rest: text };
  return { heading, rest: text.slice(line.length).replace(/^(?:[ \t]*\r?\n)+/, '') };
}
