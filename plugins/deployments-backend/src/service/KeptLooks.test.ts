import { mockServices } from '@backstage/backend-test-utils';
import { KeptLooks } from './KeptLooks';

describe('what a check found', () => {
  it('refuses nothing where it cannot be kept, and the log says so', async () => {
    const logger = mockServices.logger.mock();
    const looks = new KeptLooks({
      logger,
      store: {
        keep: async () => {
          throw new Error('The disk is full.');
        },
      },
    });
    await looks.keep({
      ...{ service: 'component:default/cart', environment: 'staging' },
      ...{ version: '1.0', at: '2026-11-30T06:00:00.000Z', references: [] },
    });
    expect(logger.warn.mock.calls).toEqual([
      [expect.stringMatching(/cart 1\.0 refers to in staging.*disk is full/)],
    ]);
  });
});
