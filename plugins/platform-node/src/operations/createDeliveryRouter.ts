import { AuthenticationError, InputError } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import { Delivery } from '@highroad/plugin-platform-common';
import express, { Request, Router } from 'express';
import createPromiseRouter from 'express-promise-router';
import { RefusalRecords } from '../access/RefusalRecords';

/** A delivery as it came. */
export interface ReceivedDelivery {
  /** Its bytes, which its signature is over */
  body: Buffer;
  /** Gives a header by its name in any case */
  header(name: string): string | undefined;
  /** What the path names */
  params: Record<string, string>;
}

/** What is done with a delivery. */
export interface DeliveryTaker<Signer> {
  /** Who signed it; undefined where nobody did whose secret is known here */
  signer(delivery: ReceivedDelivery): Signer | undefined;
  /** @throws InputError if it is signed, and cannot be meant */
  take(
    delivery: ReceivedDelivery,
    signer: Signer,
  ): Promise<{ status: 200 | 202; body: JsonObject }>;
}

/** The route of a declared delivery. Nothing of one is read before its signature fits. */
export function createDeliveryRouter<Signer>(
  declared: Delivery,
  taker: DeliveryTaker<Signer>,
  refusals: RefusalRecords,
): Router {
  const router = createPromiseRouter();
  // The signature is over the bytes as they came: whatever they claim to be, they are not read before that.
  const raw = express.raw({ type: () => true, limit: declared.limit });
  router.post(declared.path, raw, async (request, response) => {
    const delivery = received(request);
    const signer = taker.signer(delivery);
    if (signer === undefined) {
      await refusals.add({
        request,
        meta: Object.fromEntries(
          Object.entries(delivery.params).map(([name, value]) => [
            name,
            value.slice(0, 255),
          ]),
        ),
        error: new InputError('The signature does not fit.'),
      });
      throw new AuthenticationError(
        `The delivery is not signed with a secret that is known here. Compare the secret of the webhook with ${declared.signedWith}.`,
      );
    }
    const { status, body } = await taker.take(delivery, signer);
    response.status(status).json(body);
  });
  return router;
}

function received(request: Request): ReceivedDelivery {
  const body: unknown = request.body;
  return {
    // Without a body there is none to read.
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
    header: name => request.get(name),
    params: { ...request.params },
  };
}
