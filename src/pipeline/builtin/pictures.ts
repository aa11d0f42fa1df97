// The pictures of a run's post: artifacts that its text names, and files elsewhere that its manifest tells of. They go out as media of
// the post, which the destination takes into its own library.
import { stageCause } from '../../domain/pipeline/stage-causes.ts';
import { NOT_MADE_REASONS, notMadeReasons } from '../../domain/pipeline/visuals/made.ts';
import { namedAddresses, shownFiles } from '../../domain/pipeline/visuals/pictures.ts';
import {
  type Visual,
  type VisualManifest,
  visualManifestSchema,
} from '../../domain/pipeline/visuals/visual-manifest.ts';
import type { GivenMedia } from '../../domain/schedules/post.ts';
import { storedAddress } from '../../domain/schedules/stored-media.ts';
import { bodyHtml } from '../../platforms/blog/body.ts';
import type { StageInput } from '../runners/runner.ts';
import { BadInput, readJsonInput } from './read-input.ts';

export interface PlannedPicture {
  /** As the text names it: the file of an artifact, or an address of the web. */
  readonly address: string;
  readonly medium: GivenMedia;
  /** The artifact; null where it lies elsewhere. */
  readonly input: StageInput | null;
}

/** In the order in which the text names them. @throws BadInput where it shows one that is not there or does not count as made */
export async function picturesOf(inputs: readonly StageInput[], text: string): Promise<readonly PlannedPicture[]> {
  const manifest = await readJsonInput(inputs, 'visual-manifest.json', visualManifestSchema);
  const files = new Map(inputs.filter(({ mediaType }) => mediaType.startsWith('image/')).map((one) => [one.name, one]));
  const missing = shownFiles(bodyHtml(text, 'markdown')).find((name) => !files.has(name));
  if (missing !== undefined) {
    throw notThere(
      `The text shows "${missing}", and the stage is given no picture of that name; hand it in where it is made.`,
    );
  }
  return [...namedAddresses(text)].flatMap((address) => {
    const input = files.get(address);
    if (input) return [ofArtifact(input, manifest)];
    const visual = manifest?.visuals.find(({ url }) => url === address);
    return visual && notMadeReasons(visual).length === 0
      ? [{ address, medium: mediumOf(address, visual), input: null }]
      : [];
  });
}

/** Where there is a manifest, it says of every picture where it comes from. */
function ofArtifact(input: StageInput, manifest: VisualManifest | undefined): PlannedPicture {
  const { name, sha256 } = input;
  const visual = manifest?.visuals.find(({ digest }) => digest === sha256);
  const [reason] = manifest ? notMadeReasons(visual) : [];
  if (reason !== undefined) {
    const why = reason === 'missing' ? 'visual-manifest.json names no file of its digest' : NOT_MADE_REASONS[reason];
    throw notThere(`The text shows "${name}", which does not count as made: ${why}. Mend the manifest or the picture.`);
  }
  return { address: name, medium: mediumOf(storedAddress(sha256), visual), input };
}

function mediumOf(url: string, visual: Visual | undefined): GivenMedia {
  const altText = visual?.alt_text ?? null;
  return altText === null || altText === '' ? { url } : { url, altText };
}

const notThere = (sentence: string): BadInput => new BadInput(stageCause('asset_missing', sentence));
