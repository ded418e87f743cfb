import { OWNER_ANNOTATION } from '@highroad/plugin-environments-common';
import { describeWithSandbox, TestCluster } from '@highroad/sandbox/testing';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ClusterAccess,
  ClusterClient,
  KubernetesObject,
} from '@highroad/plugin-platform-node/kubernetes';
import { accept } from './controller/accept';
import { admissionObjects } from './controller/admission';
import { environmentDefinition } from './controller/crd';
import { Places } from './controller/quota';
import { parsePreviewSettings } from './service/PreviewSettings';
import { readResource } from './service/readResource';

const OWNER = 'group:default/shop';

describeWithSandbox('what an environment may ask for', ['cluster'], sandbox => {
  let cluster: TestCluster;
  let client: ClusterClient;
  let policy: KubernetesObject[];
  const settings = parsePreviewSettings({
    ...{
      cluster: 'test',
      registry: 'registry.test',
      images: ['registry.test', 'other.test/team/'],
    },
  });

  const environment = (spec: object, metadata: object = {}) => ({
    apiVersion: 'platform.myorg.com/v1',
    kind: 'Environment',
    metadata: { name: 'demo', ...metadata },
    spec: {
      ...{ type: 'preview', services: [{ name: 'api', image: 'myorg/api:1' }] },
      ...spec,
    },
  });
  /** What kubectl says to a member of the team; nothing is kept. */
  const apply = (spec: object, metadata: object = {}) =>
    cluster
      .kubectl(
        ['apply', '--filename=-', '--as=jonas', '--dry-run=server'],
        JSON.stringify(environment(spec, metadata)),
      )
      .catch(error => String(error));
  beforeAll(async () => {
    cluster = await sandbox.cluster();
    client = new ClusterClient({
      config: new ClusterAccess([
        { name: 'test', kubeconfig: cluster.kubeconfig },
      ]).config('test'),
    });
    await client.apply(environmentDefinition(), {
      manager: 'test',
      force: true,
    });
    await cluster.kubectl([
      'annotate',
      'namespace',
      cluster.namespace,
      `${OWNER_ANNOTATION}=${OWNER}`,
    ]);
    // A member of the team, who may apply environments and nothing else.
    await cluster.kubectl([
      ...['create', 'role', 'member', '--verb=get,create,update,patch'],
      '--resource=environments.platform.myorg.com',
    ]);
    await cluster.kubectl([
      'create',
      'rolebinding',
      'member',
      '--role=member',
      '--user=jonas',
    ]);
    // The policy as it is, but for this test's namespace only.
    policy = admissionObjects(settings).map(object => ({
      ...object,
      metadata: { name: cluster.namespace },
      spec: {
        ...(typeof object.spec === 'object' ? object.spec : {}),
        ...(object.kind === 'ValidatingAdmissionPolicyBinding' && {
          policyName: cluster.namespace,
          matchResources: {
            namespaceSelector: {
              matchLabels: { 'kubernetes.io/metadata.name': cluster.namespace },
            },
          },
        }),
      },
    }));
    for (const object of policy)
      await client.apply(object, { manager: 'test' });
    // It holds when it first refuses what it is to refuse.
    const end = Date.now() + 30_000;
    while (!(await apply({ owner: 'bank' })).includes('spec.owner')) {
      if (Date.now() > end) throw new Error('The policy does not hold');
      await pause(200);
    }
  });
  afterAll(async () => {
    for (const { kind } of policy ?? []) {
      await cluster.kubectl([
        'delete',
        kind,
        cluster.namespace,
        '--ignore-not-found',
      ]);
    }
    client?.close();
  });

  /** What the controller says, where the cluster let it pass. */
  const lookAgain = async (spec: object) => {
    const resource = readResource({
      ...environment(spec),
      metadata: {
        ...{ name: 'demo', namespace: cluster.namespace, uid: 'u' },
        ...{ resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' },
      },
    });
    const accepted = await accept(resource, {
      ...{ client, settings, drivers: ['server'] },
      places: new Places(settings.quota),
      secrets: {
        ownerOf: async service =>
          service.endsWith('/vault') ? 'group:default/bank' : OWNER,
      },
      all: () => [resource],
    });
    return accepted.ok ? accepted.owner : accepted.message;
  };

  it('lets a member of a team apply what the documentation shows, and knows whose it is', async () => {
    const spec = {
      ttl: '7d',
      databases: [{ type: 'postgres', seed: 'fixtures/demo-data.sql' }],
    };
    expect(await apply(spec)).toMatch(/created/);
    expect(await lookAgain(spec)).toBe(OWNER);
    expect(await apply({ owner: 'shop' })).toMatch(/created/);
  });

  it('leaves an environment to its owner, whose name is neither changed nor taken out', async () => {
    await cluster.kubectl(
      ['apply', '--filename=-'],
      JSON.stringify(environment({ owner: OWNER }, { name: 'owned' })),
    );
    const change = (spec: object) => apply(spec, { name: 'owned' });
    const refusal = /stays its owner’s: leave spec.owner as it is/;
    expect(await change({ owner: 'group:default/bank' })).toMatch(refusal);
    // Set anew by the next, it would be another's.
    expect(await change({})).toMatch(refusal);
    expect(await change({ owner: 'shop', ttl: '1d' })).toMatch(/configured/);
  });

  it('takes images by whole parts of their names', async () => {
    const services = ['registry.test/api:1', 'other.test/team/api', 'api'].map(
      (image, at) => ({ name: `api-${at}`, image }),
    );
    expect(await apply({ services })).toMatch(/created/);
    expect(await lookAgain({ services })).toBe(OWNER);
  });

  const image = { name: 'api', image: 'evil.test/api:1' };
  const lookalike = { name: 'api', image: 'registry.test.evil.test/api:1' };
  const otherPort = { name: 'api', image: 'registry.test:5000/api:1' };
  const secret = {
    ...{ name: 'api', image: 'myorg/api:1' },
    env: [
      {
        name: 'KEY',
        secret: { service: 'component:default/vault', key: 'TOKEN' },
      },
    ],
  };
  const pullRequest = {
    ...{ host: 'git.test', repository: 'bank/vault', number: 1 },
    ...{ branch: 'main', commit: 'a'.repeat(40) },
  };
  it.each([
    [
      'an owner that is another team',
      { owner: 'group:default/bank' },
      /spec.owner is another/,
      /names group:default\/bank as its owner/,
    ],
    [
      'a secret of another team',
      { services: [secret] },
      /no secrets of services/,
      /asks for the secret TOKEN/,
    ],
    [
      'an image from elsewhere',
      { services: [image] },
      /begin with registry.test/,
      /is from where none may be/,
    ],
    [
      'an image from a host whose name begins like one that may be',
      { services: [lookalike] },
      /begin with registry.test/,
      /is from where none may be/,
    ],
    [
      'an image from another port',
      { services: [otherPort] },
      /begin with registry.test/,
      /is from where none may be/,
    ],
    [
      'the pull request of somebody',
      { pullRequest },
      /filled in by the platform/,
      /filled in by the platform/,
    ],
  ])(
    'refuses %s, by the cluster and again by the controller',
    async (_what, spec, said, again) => {
      expect(await apply(spec)).toMatch(said);
      expect(await lookAgain(spec)).toMatch(again);
    },
  );

  it.each([
    [
      'manifests of another service than itself',
      { services: [{ name: 'api', from: { service: 'vault' } }] },
      /a service takes its own manifests/,
      /spec.services\[0\].from.service: a service takes its own manifests/,
    ],
    [
      'manifests of a service of another team',
      { services: [{ name: 'vault', from: { service: 'vault' } }] },
      /created/,
      /component:default\/vault, which is group:default\/bank's/,
    ],
  ])(
    'gives nobody %s, by the cluster as far as it can know, and by the controller',
    async (_what, spec, said, again) => {
      expect(await apply(spec)).toMatch(said);
      expect(await lookAgain(spec)).toMatch(again);
    },
  );

  it('lets a service take its own manifests, with or without an image', async () => {
    for (const more of [{}, { image: 'registry.test/api:1' }]) {
      const spec = {
        services: [{ name: 'api', from: { service: 'api' }, ...more }],
      };
      expect(await apply(spec)).toMatch(/created/);
      expect(await lookAgain(spec)).toBe(OWNER);
    }
    const spec = {
      services: [
        { name: 'api', from: { service: 'api' }, image: 'evil.test/api:1' },
      ],
    };
    expect(await apply(spec)).toMatch(/begin with registry.test/);
  });

  it('has environments kept only by whoever may', async () => {
    const label = { labels: { 'platform.myorg.com/keep': 'true' } };
    expect(await apply({ keep: true })).toMatch(/takes the verb "keep"/);
    expect(await apply({}, label)).toMatch(/takes the verb "keep"/);
    await cluster.kubectl([
      ...['create', 'role', 'keeper', '--verb=keep'],
      '--resource=environments.platform.myorg.com',
    ]);
    await cluster.kubectl([
      'create',
      'rolebinding',
      'keeper',
      '--role=keeper',
      '--user=jonas',
    ]);
    let said = '';
    for (let tries = 0; tries < 50 && !/created/.test(said); tries++) {
      said = await apply({ keep: true });
      await pause(100);
    }
    expect(said).toMatch(/created/);
  });

  it.each([
    ['a time to live that is none', { ttl: 'a week' }, /spec.ttl/],
    [
      'a field that there is not',
      { replicas: 2 },
      /unknown field "spec.replicas"/,
    ],
    [
      'a seed outside of the repository',
      { databases: [{ type: 'postgres', seed: '../x' }] },
      /begins in the repository/,
    ],
    [
      'a database for a service that there is not',
      { databases: [{ type: 'postgres', services: ['x'] }] },
      /not in this environment/,
    ],
    [
      'a service with neither an image nor manifests of its own',
      { services: [{ name: 'api' }] },
      /give it an image/,
    ],
    [
      'a health path beside what manifests say',
      {
        services: [{ name: 'api', from: { service: 'api' }, health: '/x' }],
      },
      /leave them out beside from/,
    ],
    [
      'two services of one name',
      { services: [image, image] },
      /Duplicate value/,
    ],
  ])('has %s refused by its schema', async (_what, spec, said) => {
    expect(await apply(spec)).toMatch(said);
  });

  it('has a name that can be no host refused', async () => {
    expect(await apply({}, { name: 'a'.repeat(41) })).toMatch(/at most 40/);
  });
});
