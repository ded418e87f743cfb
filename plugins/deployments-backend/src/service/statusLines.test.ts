import {
  Deployment,
  deploymentSchema,
} from '@highroad/plugin-deployments-common';
import { inBrief } from './statusLines';

const deployed: Deployment = {
  id: '01a211d2-c76e-76b8-9c50-000000000001',
  ...{ kind: 'deploy', service: 'component:default/cart' },
  ...{ environment: 'staging', version: '1.0.0', image: 'shop/cart' },
  ...{ state: 'succeeded', summary: '1.0.0 runs in staging' },
  ...{ requestedBy: 'user:default/anna', door: 'cli', correlation: 'c' },
  ...{ requestedAt: '2026-06-01T00:00:00Z', revision: 3 },
  ...{ endedAt: '2026-06-01T00:01:00Z', undoes: 'another' },
};
const details = {
  ...{ digest: `sha256:${'ab'.repeat(32)}`, commit: 'c0ffee' },
  progress: { wanted: 2, updated: 2, ready: 2, paused: false },
  ...{ manifestsDigest: 'cd', manifestsOf: 'another', reason: 'a fix' },
  ...{ approvedBy: 'user:default/bert', strategy: 'rolling' as const },
};

it('a place in brief is without details, and still what the answer declares', () => {
  const one = { ...deployed, ...details };
  const place = { service: one.service, environment: one.environment };
  const brief = inBrief({ ...place, running: one, undone: one });
  expect(JSON.parse(JSON.stringify(brief))).toEqual({
    ...{ ...place, running: deployed, undone: deployed },
  });
  expect(deploymentSchema.safeParse(brief.running).success).toBe(true);
  expect(inBrief(place)).toEqual(place);
});
