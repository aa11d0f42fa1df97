// Keeps secrets out of error texts: the attempt's own tokens by value, everything else that looks like one by shape.

/** The secrets of a grant that may stand in a text. */
export interface SecretValues {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly password?: string | undefined;
}

const SHAPES: readonly RegExp[] = [
  // Its dash ends a word and goes on with the token: a start at each dash would take time without end.
  /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /\b(?:Bearer|Basic|OAuth)\s+[\w.~+/=-]{8,}/gi,
  /\b(?:access_token|refresh_token|client_secret|password|api_key|appsecret_proof)(["']?\s*[=:]\s*["']?)[^\s"'&,}]{4,}/gi,
  /(?<=\bhttps?:\/\/[^\s"'<>?]*\?)[^\s"'<>]+/gi,
  /(?<=[?&]code=)[^\s"'&]+/gi,
  /\bop_[\w-]{16,}/g,
  /\b(?:EAA|IGAA|IGQ|pina_|act\.|ya29\.|GOCSPX-)[\w.-]{8,}/g,
  /\b[a-z0-9]{4}(?:-[a-z0-9]{4}){3}\b/g,
  /\b[0-9a-f]{24}:[0-9a-f]{64}\b/g,
  /(?<=:\/\/)[^\s/@:]+:[^\s/@]+(?=@)/g,
];

/** Whoever answers chooses how much: what is left of more than this is not searched, and not kept. */
const SEARCHED = 65_536;

/** Deeper than an answer that quotes an answer escapes a character; without an end, a run of them would be searched for ever. */
const BACKSLASHES = String.raw`(?:\\|%(?:25){0,4}5c){0,16}`;

/** A value however it is written: as it is, in an address, a form, HTML or JSON, and in one of them that stands in another. */
function inAnyForm(value: string): RegExp {
  const letters = [...value.toWellFormed()].map((letter) => (/[a-z0-9]/i.test(letter) ? letter : inAnyEscape(letter)));
  return new RegExp(letters.join(''), 'gi');
}

function inAnyEscape(letter: string): string {
  const plain = letter.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
  const bytes = [...new TextEncoder().encode(letter)].map((byte) => byte.toString(16).padStart(2, '0'));
  const inAddress = bytes.map((byte) => `%(?:25){0,4}${byte}`).join('');
  const unicode = letter.charCodeAt(0).toString(16).padStart(4, '0');
  const inHtml = '&(?:amp;){0,4}(?:#x?[0-9a-f]{1,6}|[a-z]{2,6});';
  return `${BACKSLASHES}(?:${plain}|u${unicode}|${inAddress}|${inHtml}${letter === ' ' ? '|\\+' : ''})`;
}

/** The text with every secret replaced by `[redacted]`, cut to `limit` characters. */
export function redact(text: string, grant: SecretValues | null, limit = 4_000): string {
  const values = grant ? [grant.accessToken, grant.refreshToken, grant.clientSecret, grant.password] : [];
  const byValue = values
    .filter((value): value is string => value !== undefined && value.length >= 6)
    .reduce((kept, value) => kept.replace(inAnyForm(value), '[redacted]'), text)
    .slice(0, SEARCHED);
  return SHAPES.reduce((kept, shape) => kept.replace(shape, '[redacted]'), byValue).slice(0, limit);
}
