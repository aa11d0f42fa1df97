// A published post of a run that is found changed or gone is told of once, with whose it is and what to do; what could not be read, and
// what stands again by the time it is looked at, is not.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WORKSPACE } from '../harness/workflow-id.ts';
import { openRecheckPlace, type RecheckPlace } from '../pipeline/recheck-place.ts';
import { look, messages, SECRETS, webhook } from './place.ts';
import { openReceiver, type Receiver } from './receiver.ts';

let at: RecheckPlace;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
  const channels = { desk: webhook(receiver.url, ['needs_person']) };
  const told = {
    'notifications.private_addresses': true,
    'notifications.workspaces': { [WORKSPACE]: { channels } },
  };
  at = await openRecheckPlace(told, SECRETS);
});
afterAll(async () => {
  await at.close();
  await receiver.close();
});

const told = async () => {
  await look(at.place.stage);
  return (await messages(at.place.stage)).map(({ telling }) => telling);
};

it('is told once, however often it is found so, and anew once it had been live again', async () => {
  const id = await at.published('the-sea');
  const page = at.site.pages.get('the-sea') ?? expect.unreachable('it is not there');
  await at.looked(id);
  expect(await told()).toEqual([]);
  at.site.pages.delete('the-sea');
  await at.looked(id);
  expect(await told()).toEqual([
    {
      event: 'needs_person',
      headline: 'Run "the-sea" of post: its post is gone since it was published',
      lines: [
        { text: 'The address answers 404.', href: `${at.site.url}/news/the-sea/` },
        { text: 'Nothing was changed there, and nothing is published again by itself.' },
        { text: 'Owner: nightly (API key), who made it.' },
        {
          text: 'Next: Find out who took it away, then put it back where it was published and check it again, or say that it is meant so.',
          href: `/runs/${id}`,
        },
      ],
      subject: { runId: id, cause: 'page_differs' },
    },
  ]);
  await at.looked(id);
  at.site.outOfOrder(503);
  await at.looked(id);
  at.site.outOfOrder(null);
  await at.looked(id);
  expect(await told()).toHaveLength(1);
  at.site.pages.set('the-sea', page);
  await at.looked(id);
  at.site.pages.set('the-sea', { ...page, html: '<p>It is narrow.</p>' });
  await at.looked(id);
  const [newest, ...before] = await told();
  expect(newest?.headline).toBe('Run "the-sea" of post: its post has changed since it was published');
  expect(before).toHaveLength(1);
});

it('that stands again by the time it is looked at is not told', async () => {
  const before = (await told()).length;
  const id = await at.published('the-land');
  const page = at.site.pages.get('the-land') ?? expect.unreachable('it is not there');
  at.site.pages.delete('the-land');
  await at.looked(id);
  at.site.pages.set('the-land', page);
  await at.looked(id);
  expect(await told()).toHaveLength(before);
});
