import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether a delivery of PagerDuty is signed with one of the secrets: HMAC-SHA256 over the bytes of the body, in hexadecimal, with
 * several signatures in the header while a secret is replaced.
 * https://developer.pagerduty.com/docs/verifying-webhook-signatures
 *
 * @param header - `X-PagerDuty-Signature`
 */
export function isSigned(
  body: Buffer,
  header: string | undefined,
  secrets: string[],
): boolean {
  const given = (header ?? '').split(',').flatMap(part => {
    const [version, signature] = part.trim().split('=');
    return version === 'v1' && signature ? [Buffer.from(signature)] : [];
  });
  return secrets.some(secret => {
    const wanted = Buffer.from(
      createHmac('sha256', secret).update(body).digest('hex'),
    );
    return given.some(
      one => one.length === wanted.length && timingSafeEqual(one, wanted),
    );
  });
}
