import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether a delivery was signed with the webhook's secret.
 *
 * @param header - what X-Gitea-Signature holds: the HMAC-SHA256 of the body in hexadecimal, see
 * https://docs.gitea.com/usage/webhooks
 */
export function isSigned(
  body: Buffer,
  header: string | undefined,
  secret: string,
): boolean {
  if (!header || !/^[0-9a-f]{64}$/.test(header)) return false;
  const expected = createHmac('sha256', secret).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(header, 'hex'));
}
