import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether a body was signed with a secret, compared in a time that tells nothing of how much of it fits.
 *
 * @param signature - HMAC-SHA256 of the body in hexadecimal: X-Gitea-Signature, or X-Hub-Signature-256 after `sha256=`; see
 * https://docs.gitea.com/usage/webhooks and https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 */
export function isSignedWith(
  secret: string,
  body: Buffer,
  signature: string | undefined,
): boolean {
  if (!secret || !signature || !/^[0-9a-f]{64}$/.test(signature)) return false;
  const expected = createHmac('sha256', secret).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'));
}
