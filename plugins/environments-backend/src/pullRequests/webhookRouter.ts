import { AuthenticationError, InputError } from '@backstage/errors';
import { RefusalRecords } from '@highroad/plugin-platform-node';
import express, { Request, Response, Router } from 'express';
import createPromiseRouter from 'express-promise-router';
import { PullRequestHosts } from '../drivers/gitHosts/PullRequestHosts';
import { WebhookDelivery } from '../drivers/gitHosts/PullRequestHost';
import { PullRequestRef } from './PullRequestRef';

/** Where Git hosts send their deliveries. */
export const WEBHOOK_PATH = '/v1/webhooks/:host';
/** GitHub sends at most 25 MB; a delivery about a pull request is far smaller. */
const LARGEST = '5mb';

/**
 * Takes deliveries of Git hosts. They come without a sign-in, so they have to be signed with the webhook's secret, and even then they
 * only say where to look.
 */
export function createWebhookRouter(options: {
  hosts: PullRequestHosts;
  refusals: RefusalRecords;
  /** Resolves when it is not lost any more */
  want: (ref: PullRequestRef) => Promise<void>;
}): Router {
  const { hosts, refusals, want } = options;
  const router = createPromiseRouter();
  // The signature is over the bytes as they came: whatever they claim to be, they are not read before that.
  const raw = express.raw({ type: () => true, limit: LARGEST });
  router.post(WEBHOOK_PATH, raw, async (request, response) => {
    const host = hosts
      .all()
      .find(one => one.host === request.params.host.toLocaleLowerCase('en-US'));
    const delivery = deliveryOf(request);
    if (!host || !host.isSigned(delivery)) {
      await refusals.add({
        request,
        meta: { host: request.params.host.slice(0, 255) },
        error: new InputError('The signature does not fit.'),
      });
      throw new AuthenticationError(
        'The delivery is not signed with the secret of a Git host that is connected here. Compare the secret of the webhook with platform.pullRequests.hosts.',
      );
    }
    const hint = host.hintIn(delivery);
    if (!hint) {
      answer(response, 200, 'Nothing to do.');
      return;
    }
    const { owner, name, number } = hint;
    await want({ host: host.host, owner, name, number });
    answer(response, 202, `${owner}/${name}#${number} is looked at.`);
  });
  return router;
}

function deliveryOf(request: Request): WebhookDelivery {
  const body: unknown = request.body;
  return {
    // Without a body there is none to read.
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
    header: name => request.get(name),
  };
}

function answer(response: Response, status: number, message: string): void {
  response.status(status).json({ message });
}
