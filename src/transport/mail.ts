// The one door to mail: hands a message to the SMTP server of the environment, within a limit, and tells what it answered.
import { createTransport } from 'nodemailer';

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** The same for every try, so that a mail that comes twice is known by it: without angle brackets. */
  readonly messageId: string;
}

/** `refused`: the server answered, and will answer the same again; `away`: nobody took it. */
export type MailEnd = { readonly kind: 'accepted' } | { readonly kind: 'refused' | 'away'; readonly code: string };

export interface MailDoor {
  send(mail: Mail): Promise<MailEnd>;
}

/** Opens the door; `url` is smtp:// or smtps:// with name and password. Each message is a connection of its own. */
export function createMailDoor(url: string, { timeoutMs }: { readonly timeoutMs: number }): MailDoor {
  const limits = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs };
  const smtp = createTransport({ url, ...limits, disableFileAccess: true, disableUrlAccess: true });
  return {
    async send({ to, messageId, ...mail }) {
      try {
        await within(smtp.sendMail({ ...mail, to: [...to], messageId: `<${messageId}>` }), timeoutMs);
        return { kind: 'accepted' };
      } catch (error) {
        return told(error);
      }
    },
  };
}

/** A server that answers each line just in time would hold the sender for ever. */
async function within<Value>(work: Promise<Value>, timeoutMs: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new MailLate()), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

class MailLate extends Error {
  override readonly name = 'MailLate';
  readonly code = 'ETIMEDOUT';
}

/** Answers from 500 on are for good (RFC 5321, 4.2.1). The text of an answer may repeat what was sent, so only codes are told. */
function told(error: unknown): MailEnd {
  if (!(error instanceof Error)) return { kind: 'away', code: 'unknown' };
  const answer = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : null;
  if (answer !== null) return { kind: answer >= 500 ? 'refused' : 'away', code: String(answer) };
  return { kind: 'away', code: 'code' in error && typeof error.code === 'string' ? error.code : error.name };
}
