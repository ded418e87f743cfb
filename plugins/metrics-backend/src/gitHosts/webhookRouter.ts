import { AuthenticationError, InputError } from '@backstage/errors';
import { RefusalRecords } from '@highroad/plugin-platform-node';
import { signerOf } from '@highroad/plugin-platform-node/git-hosts';
import express, { Router } from 'express';
import createPromiseRouter from 'express-promise-router';
import { z } from 'zod';

/** Where Git hosts send their deliveries. */
export const GIT_WEBHOOK_PATH = '/v1/webhooks/git-hosts';
const LARGEST = '25mb';

const deliverySchema = z.object({
  repository: z.object({ html_url: z.string().url() }),
});

/**
 * Takes webhooks of GitHub and Gitea. A delivery only says where to look: what is counted is read from the host, so that one that was
 * lost, came twice or came late changes nothing.
 */
export function createGitWebhookRouter(options: {
  hosts: Array<{ host: string; webhookSecret: string }>;
  /** @returns whether the repository is read at all */
  onHint: (repositoryUrl: string) => Promise<boolean>;
  refusals: RefusalRecords;
}): Router {
  const { hosts, onHint, refusals } = options;
  const router = createPromiseRouter();
  const raw = express.raw({ type: () => true, limit: LARGEST });
  router.post(GIT_WEBHOOK_PATH, raw, async (request, response) => {
    const body: unknown = request.body;
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    const signer = signerOf(bytes, name => request.get(name), hosts);
    if (!signer) {
      await refusals.add({
        request,
        error: new InputError('The signature does not fit.'),
      });
      throw new AuthenticationError(
        'The delivery is not signed with a webhookSecret of platform.pullRequests.hosts.',
      );
    }
    const { repository } = readDelivery(bytes);
    const isItsOwn = new URL(repository.html_url).host === signer;
    const read = isItsOwn && (await onHint(repository.html_url));
    response.status(202).json({ read });
  });
  return router;
}

function readDelivery(bytes: Buffer): z.output<typeof deliverySchema> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new InputError('The delivery is no JSON. Choose application/json.');
  }
  const parsed = deliverySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InputError('The delivery names no repository.');
}
