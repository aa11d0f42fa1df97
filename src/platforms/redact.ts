// Keeps secrets out of error texts: the attempt's own tokens by value, everything else that looks like one by shape.
import type { Grant } from './contract.ts';

const SHAPES: readonly RegExp[] = [
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
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

/** The text with every secret replaced by `[redacted]`, cut to `limit` characters. */
export function redact(text: string, grant: Grant | null, limit = 4_000): string {
  const values = grant ? [grant.accessToken, grant.refreshToken, grant.clientSecret, grant.password] : [];
  const byValue = values
    .filter((value): value is string => value !== undefined && value.length >= 6)
    .reduce((kept, value) => kept.replaceAll(value, '[redacted]'), text);
  return SHAPES.reduce((kept, shape) => kept.replace(shape, '[redacted]'), byValue).slice(0, limit);
}
