// The fetching of videos, which goes on after the call that named them, and after a restart of the sandbox.
import type { Container } from './containers.ts';
import { type Fetched, fetchVideo } from './fetch-media.ts';
import type { InstagramState } from './state.ts';

const failures: Record<Fetched, string | null> = {
  good: null,
  unfetchable: '2207052',
  download_timeout: '2207003',
  image_too_large: '2207082',
  image_format: '2207026',
  aspect_ratio: '2207082',
  video_too_large: '2207082',
  video_format: '2207026',
};

/** Fetches a container's video; the container learns what came of it. */
export function fetchInBackground(state: InstagramState, { id, accountId, sourceUrl }: Container): void {
  const { fetchTimeoutMs } = state.settings.of(accountId);
  void fetchVideo(sourceUrl ?? '', fetchTimeoutMs).then((fetched) => {
    // The sandbox may have been reset or closed meanwhile; a closed one fetches again at its next start.
    const container = state.containers.find(id);
    if (!container || state.rooms.closing.aborted) return;
    const failure = container.failure ?? failures[fetched];
    state.containers.put({ ...container, fetchedAtMs: state.rooms.clock.now(), failure });
    state.rooms.journal.flush();
  });
}

/** Takes up the fetches a stopped sandbox had not ended. */
export function resumeFetching(state: InstagramState): void {
  for (const container of state.containers.unfetched()) fetchInBackground(state, container);
}
