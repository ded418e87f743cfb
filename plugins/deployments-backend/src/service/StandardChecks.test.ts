import {
  Deployment,
  deploymentSchema,
} from '@highroad/plugin-deployments-common';
import { canonicalManifests } from '@highroad/plugin-platform-node/manifests';
import { guardedWorkload } from '@highroad/plugin-platform-node/manifests/testing';
import { CheckStep } from './Checks';
import { Environments } from './EnvironmentSettings';
import { objectsIn } from './objectsIn';
import { StandardChecks } from './StandardChecks';

const IMAGE = 'registry.example/shop/cart';
const DIGEST = `sha256:${'ab'.repeat(32)}`;
const COMMIT = 'c0ffee00'.repeat(5);
const manifests = `${guardedWorkload(IMAGE)}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: cart}
`;
const signal = new AbortController().signal;
const [staging] = new Environments([
  {
    ...{ name: 'staging', tier: 'staging', cluster: 'none' },
    ...{ production: false, approval: false, engine: 'direct' },
    namespace: '{service}-{environment}',
    ...{ progressDeadlineSeconds: 1, watchSeconds: 0, notReadySeconds: 30 },
    conditions: [],
  },
]).all();
const wanted = (rest: Partial<Deployment> = {}): Deployment =>
  deploymentSchema.parse({
    id: '01a211d2-c76e-76b8-9c50-000000000001',
    ...{ kind: 'deploy', service: 'component:default/cart' },
    ...{ environment: 'staging', version: '1.0.0', image: IMAGE },
    ...{ state: 'checking', summary: '', requestedBy: 'user:default/anna' },
    ...{ door: 'cli', correlation: 'c', revision: 1 },
    requestedAt: '2026-06-01T00:00:00Z',
    ...rest,
  });

/** An image that does not say what it was built from, and a repository whose tags mean what the test says. */
function checks(tags: Record<string, string>) {
  const rendered: string[] = [];
  let seconds = 0;
  const made = new StandardChecks({
    deviations: { of: async () => [] },
    lastDay: () => '2027-01-31',
    manifests: {
      findCommit: async ({ version }) => tags[version],
      async render({ commit }) {
        rendered.push(commit);
        const objects = objectsIn(manifests);
        return {
          ...canonicalManifests(objects),
          overlay: 'deploy/overlays/staging',
        };
      },
    },
    now: () => new Date(1_000 * seconds++),
    allConditions: [],
    prometheus: undefined,
    registry: {
      resolve: async () => ({
        ...{ registry: 'registry.example', repository: 'shop/cart' },
        ...{ digest: DIGEST, platforms: ['linux/amd64'], labels: {} },
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
      }),
    },
    references: { keep: async () => {} },
    secrets: {
      look: async () => ({ needed: 0, missing: [], provided: [] }),
    },
    services: {
      get: async ref => ({
        ...{ ref, name: 'cart', image: IMAGE, annotations: {} },
        repository: 'https://example.com/shop/cart',
      }),
    },
  });
  return { checks: made, rendered };
}

describe('what is checked before anything is written', () => {
  it('is told as it begins and as it passes, each with its times', async () => {
    const told: CheckStep[] = [];
    const { checks: made } = checks({ '1.0.0': COMMIT });
    const found = await made.run(wanted(), staging, signal, {
      onStep: step => {
        told.push(step);
      },
    });
    expect(found).toMatchObject({ ok: true, commit: COMMIT });
    expect(told.map(({ name, state }) => `${name} ${state}`)).toEqual(
      ['image', 'manifests', 'guardrails', 'secrets'].flatMap(name => [
        `${name} running`,
        `${name} succeeded`,
      ]),
    );
    expect(found.steps).toEqual(
      told.filter(({ state }) => state === 'succeeded'),
    );
    for (const { startedAt = '', endedAt = '' } of found.steps) {
      expect(Date.parse(endedAt)).toBeGreaterThan(Date.parse(startedAt));
    }
  });

  it('ends with what refuses it, which has its times too', async () => {
    const { checks: made } = checks({});
    const found = await made.run(wanted(), staging, signal);
    expect(found.ok).toBe(false);
    expect(found.steps).toMatchObject([
      { name: 'image', state: 'succeeded' },
      {
        ...{ name: 'manifests', state: 'failed' },
        summary: expect.stringContaining('It is not known which commit'),
        ...{ startedAt: expect.any(String), endedAt: expect.any(String) },
      },
    ]);
  });

  it('are the manifests of the commit that was good, of what is promoted, wherever its tag leads by now', async () => {
    const moved = checks({ '1.0.0': 'dead0000'.repeat(5) });
    const promotion = wanted({
      ...{ kind: 'promotion', digest: DIGEST, commit: COMMIT },
    });
    expect(await moved.checks.run(promotion, staging, signal)).toMatchObject({
      ...{ ok: true, commit: COMMIT },
    });
    expect(moved.rendered).toEqual([COMMIT]);
  });
});
