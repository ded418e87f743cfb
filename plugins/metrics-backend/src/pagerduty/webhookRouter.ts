import { AuthenticationError, InputError } from '@backstage/errors';
import { RefusalRecords } from '@highroad/plugin-platform-node';
import express, { Router } from 'express';
import createPromiseRouter from 'express-promise-router';
import { isSigned } from './isSigned';
import { PagerDuty } from './PagerDuty';

/** Where PagerDuty sends its deliveries. */
export const WEBHOOK_PATH = '/v1/webhooks/pagerduty';
const LARGEST = '2mb';

/** Takes webhooks of PagerDuty. They come without a sign-in, so nothing of them is read before the signature fits. */
export function createWebhookRouter(options: {
  pagerDuty: PagerDuty;
  refusals: RefusalRecords;
  /** None where it is not connected */
  secrets: string[];
}): Router {
  const { pagerDuty, refusals, secrets } = options;
  const router = createPromiseRouter();
  const raw = express.raw({ type: () => true, limit: LARGEST });
  router.post(WEBHOOK_PATH, raw, async (request, response) => {
    const body: unknown = request.body;
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    if (!isSigned(bytes, request.get('x-pagerduty-signature'), secrets)) {
      await refusals.add({
        request,
        error: new InputError('The signature does not fit.'),
      });
      throw new AuthenticationError(
        'The delivery is not signed with a secret of platform.metrics.pagerduty.webhookSecrets.',
      );
    }
    const events = await pagerDuty.take(parseJson(bytes));
    response.status(202).json({ events });
  });
  return router;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    // What is signed and no JSON is kept as something that could not be taken.
    return undefined;
  }
}
