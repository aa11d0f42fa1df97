// What an admin asks for on the page of notifications.
import { sendAgain, tryChannel } from '../../notifications/ask.ts';
import type { Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { leaveNotice } from '../session/cookies.ts';
import { allowed, readForm } from '../session/signed-in.ts';

/** Registers them. */
export function notificationActions(pages: Pages, deps: PagesDeps): void {
  pages.post('/notifications/test', allowed('notifications.change'), async (c) => {
    const { channel = '' } = await readForm(c);
    if ((await tryChannel(deps, c.get('caller'), channel)) === null) throw nothingHere();
    leaveNotice(c, deps, {
      kind: 'done',
      text: `A test is on its way to ${channel}; reload in a moment to see how it went.`,
    });
    return c.redirect('/notifications', 303);
  });
  pages.post('/notifications/:id/redeliver', allowed('notifications.change'), async (c) => {
    await readForm(c);
    if (!(await sendAgain(deps, c.get('caller'), c.req.param('id')))) throw nothingHere();
    leaveNotice(c, deps, { kind: 'done', text: 'It is sent again, under the id it had, with all its tries anew.' });
    return c.redirect('/notifications', 303);
  });
}
