// Puts the pictures of a run's post where the publish protocol finds media: into the media store of the workspace.
import { SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import { stageCause } from '../../domain/pipeline/stage-causes.ts';
import { nameStored } from '../../ledger/media/stored-media.ts';
import { upload } from '../../mediastore/upload.ts';
import { UploadRefused } from '../../mediastore/upload-refused.ts';
import type { PipelineContext } from '../context.ts';
import type { PlannedPost } from './plan-post.ts';
import { BadInput } from './read-input.ts';

/** What is there already stays. @throws BadInput where one is no picture that can be posted */
export async function storePictures(
  context: Pick<PipelineContext, 'ledger' | 'store' | 'settings'>,
  workspaceId: string,
  { pictures }: Pick<PlannedPost, 'pictures'>,
): Promise<void> {
  for (const { input, address } of pictures) {
    if (!input || (await nameStored(context.ledger, { workspaceId, sha256: input.sha256 }))) continue;
    try {
      const given = { workspaceId, actor: SYSTEM_ACTOR, said: input.mediaType, body: once(await input.bytes()) };
      await upload(context, given);
    } catch (error) {
      if (!(error instanceof UploadRefused) || error.problem === 'store_away' || error.problem === 'no_space')
        throw error;
      throw new BadInput(stageCause('refused', `"${address}" cannot be posted: ${error.message}`));
    }
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
