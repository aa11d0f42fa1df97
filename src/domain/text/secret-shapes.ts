// What secrets look like that are not any vendor's of the library's: ours, those of the platforms we publish to, and the general forms.
// Each is so narrow that harmless text has none of it.

export const SECRET_SHAPES: readonly { readonly kind: string; readonly shape: RegExp }[] = [
  { kind: 'a JSON Web Token', shape: /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/g },
  { kind: 'an Authorization header', shape: /\b(?:Bearer|Basic)\s+[\w.~+/=-]{16,}/g },
  {
    kind: 'a private key',
    shape: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[\s\S]{32,}?-----END (?:[A-Z]+ )*PRIVATE KEY-----/g,
  },
  {
    kind: 'a password in an address',
    shape: /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/@:]{0,100}:)[^\s/@]{3,200}(?=@)/gi,
  },
  {
    kind: 'a value named as a secret',
    shape:
      /(?<=\b(?:access_token|refresh_token|id_token|client_secret|app_?secret|password|passwd|api_?key|private_key|appsecret_proof)["']?\s{0,3}[=:]\s{0,3}["']?)[^\s"'&,;}]{8,}/gi,
  },
  { kind: 'an API key of Oncepost', shape: /\bop_[\w-]{16,}/g },
  { kind: 'a secret of Standard Webhooks', shape: /\bwhsec_[A-Za-z0-9+/=]{24,}/g },
  { kind: 'an Admin API key of Ghost', shape: /\b[0-9a-f]{24}:[0-9a-f]{64}\b/g },
  { kind: 'an app password of Bluesky', shape: /\b(?=[a-z2-7-]*[2-7])[a-z2-7]{4}(?:-[a-z2-7]{4}){3}\b/g },
  {
    kind: 'an application password of WordPress',
    shape: /\b(?=(?:[A-Za-z0-9]{4} ){5})(?=[A-Za-z ]*\d)(?=[a-z0-9 ]*[A-Z])[A-Za-z0-9]{4}(?: [A-Za-z0-9]{4}){5}\b/g,
  },
  { kind: 'a token of Meta', shape: /\b(?:EAA|IGAA|IGQ)[\w-]{40,}/g },
  { kind: 'a token of Pinterest', shape: /\bpina_[\w-]{20,}/g },
  { kind: 'a token of TikTok', shape: /\bact\.[\w-]{20,}(?:![\w.]+)?/g },
  { kind: 'a token of Google', shape: /\bya29\.[\w-]{20,}/g },
  { kind: 'a client secret of Google', shape: /\bGOCSPX-[\w-]{20,}/g },
  { kind: 'an API key of Google', shape: /\bAIza[\w-]{35}\b/g },
  { kind: 'a token of GitLab', shape: /\bglpat-[\w-]{20,}/g },
  { kind: 'a token of Hugging Face', shape: /\bhf_[A-Za-z0-9]{30,}\b/g },
  { kind: 'an API key of SendGrid', shape: /\bSG\.[\w-]{22}\.[\w-]{43}/g },
  { kind: 'a key of Stripe', shape: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{20,}/g },
  { kind: 'a token of Telegram', shape: /\b\d{8,10}:AA[\w-]{33}\b/g },
  { kind: 'a key of Mailgun', shape: /\bkey-[0-9a-f]{32}\b/g },
  { kind: 'a key of Twilio', shape: /\bSK[0-9a-f]{32}\b/g },
  { kind: 'a token of PyPI', shape: /\bpypi-[\w-]{60,}/g },
  { kind: 'a token of DigitalOcean', shape: /\bdo[opr]_v1_[0-9a-f]{64}\b/g },
  { kind: 'a code of a sign-in', shape: /(?<=[?&]code=)[^\s"'&]{12,}/g },
];

/** A field of this name holds a secret, whatever it looks like. */
export const SECRET_FIELD =
  /^(?:password|passwd|secret|client_?secret|app_?secret|api_?key|access_?token|refresh_?token|id_?token|authorization|private_?key|cookie|set-cookie)$/i;
