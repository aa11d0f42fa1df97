// Reads Meta's usage headers (platform reference 1, "Async/usage headers"). They come only after enough calls, and a
// header that cannot be read says nothing: reading one never fails.
import { z } from 'zod';
import type { HttpAnswer } from '../../transport/exchange.ts';

/** What the headers of one answer say. */
interface Usage {
  /** Minutes until the account may be asked again, the longest of all that apply; 0 when nothing is blocked. */
  readonly regainAccessMinutes: number;
  /** The fullest budget of the rolling hour, in percent; above 100 it is overdrawn. */
  readonly fullestPercent: number;
}

const percent = z.number().nonnegative().catch(0);
const budgetSchema = z.object({ call_count: percent, total_cputime: percent, total_time: percent });
const businessSchema = z.record(
  z.string(),
  z.array(budgetSchema.extend({ estimated_time_to_regain_access: z.number().nonnegative().catch(0) })),
);

/** Usage as `X-Business-Use-Case-Usage` and `X-App-Usage` tell it. */
export function usageIn(answer: HttpAnswer): Usage {
  const app = budgetSchema.safeParse(jsonIn(answer.headers['x-app-usage']));
  const business = businessSchema.safeParse(jsonIn(answer.headers['x-business-use-case-usage']));
  const cases = business.success ? Object.values(business.data).flat() : [];
  const budgets = app.success ? [app.data, ...cases] : cases;
  return {
    regainAccessMinutes: Math.max(0, ...cases.map((entry) => entry.estimated_time_to_regain_access)),
    fullestPercent: Math.max(0, ...budgets.flatMap((b) => [b.call_count, b.total_cputime, b.total_time])),
  };
}

function jsonIn(header: string | undefined): unknown {
  try {
    return JSON.parse(header ?? '');
  } catch {
    return undefined;
  }
}
