import { DeliveryTaker } from '@highroad/plugin-platform-node';
import { isSigned } from './isSigned';
import { PagerDuty } from './PagerDuty';

/**
 * Takes webhooks of PagerDuty.
 *
 * @param options.secrets - none where it is not connected
 */
export function incidentTaker(options: {
  pagerDuty: PagerDuty;
  secrets: string[];
}): DeliveryTaker<true> {
  const { pagerDuty, secrets } = options;
  return {
    signer: ({ body, header }) =>
      isSigned(body, header('x-pagerduty-signature'), secrets) || undefined,
    async take({ body }) {
      const events = await pagerDuty.take(parseJson(body));
      return { status: 202, body: { events } };
    },
  };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    // What is signed and no JSON is kept as something that could not be taken.
    return undefined;
  }
}
