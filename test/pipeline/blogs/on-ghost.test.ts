// Runs that publish to a real Ghost: what stands there decides, whatever any record says.
import { describe } from 'vitest';
import { aroundBlog } from './blog-place.ts';
import { openGhostBlog } from './ghost-blog.ts';
import { testOthersAtWork } from './others-at-work.ts';
import { testRechecks } from './rechecks.ts';
import { testWhatStands } from './what-stands.ts';

describe('a run that publishes to Ghost', () => {
  const place = aroundBlog(openGhostBlog);
  testWhatStands(place);
  testOthersAtWork(place);
  testRechecks(place);
});
