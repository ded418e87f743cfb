import { Deployment } from '@highroad/plugin-deployments-common';
import { ago, deployment, idOf } from '../__testUtils__/deployments';
import { offersOf } from './offers';

/** The how-manieth, and so the older the higher. */
const one = (number: number, rest: Partial<Deployment>) =>
  deployment({
    id: idOf(number),
    requestedAt: ago(number * 3_600),
    manifestsDigest: `manifests of ${rest.version}`,
    ...rest,
  });

describe('versions that are offered', () => {
  it('are those that run somewhere, then those that were tried lately', () => {
    const running = one(1, { version: '2' });
    const offers = offersOf(
      [
        { service: 's', environment: 'staging', running },
        { service: 's', environment: 'test', running },
      ],
      [
        running,
        one(2, { version: '3', state: 'failed' }),
        one(3, { version: '1' }),
      ],
      Date.now(),
    );
    expect([...offers]).toEqual([
      ['2', 'runs in staging and test'],
      ['3', 'failed in staging 2 hours ago'],
      ['1', 'ran in staging 3 hours ago'],
    ]);
  });
});
