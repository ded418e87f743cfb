import { setTimeout as sleep } from 'node:timers/promises';
import {
  catalogConditions,
  createCatalogConditionalDecision,
} from '@backstage/plugin-catalog-backend/alpha';
import { RESOURCE_TYPE_CATALOG_ENTITY } from '@backstage/plugin-catalog-common/alpha';
import { ResponseError } from '@backstage/errors';
import {
  AuthorizeResult,
  isPermission,
  isResourcePermission,
} from '@backstage/plugin-permission-common';
import { PermissionPolicy } from '@backstage/plugin-permission-node';
import { auditOperations } from '@highroad/plugin-audit-common';
import { deploymentOperations } from '@highroad/plugin-deployments-common';
import {
  environmentConditions,
  environmentOperations,
  RESOURCE_TYPE_ENVIRONMENT,
} from '@highroad/plugin-environments-common';
import {
  AdoptionKey,
  adoptionKeys,
  metricsOperations,
  metricsReadPermission,
} from '@highroad/plugin-metrics-common';
import {
  accessOperations,
  createOperationClient,
  Operations,
} from '@highroad/plugin-platform-common';
import {
  ClusterWithEnvironment,
  startClusterWithEnvironment,
} from './__testUtils__/clusterWithEnvironment';
import {
  inWords,
  NO_CLUSTER,
  startWholeBackend,
  WholeBackend,
} from './__testUtils__/wholeBackend';

const PAYMENT = 'component:default/payment-service';
const STOREFRONT = 'component:default/storefront-web';
/** The teams of both are within it. */
const BOTH = 'group:default/commerce';
const PAYMENTS_OWNER = 'user:default/jonas.lind';
const STOREFRONT_OWNER = 'user:default/mei.tanaka';
jest.setTimeout(300_000);

/** Everyone sees and does what they like with what their own group owns, and nothing with what others own but numbers of groups. */
const ownOnly: PermissionPolicy = {
  async handle({ permission }, user) {
    if (!user) return { result: AuthorizeResult.DENY };
    const claims = user.info.ownershipEntityRefs;
    if (isResourcePermission(permission, RESOURCE_TYPE_ENVIRONMENT)) {
      return {
        result: AuthorizeResult.CONDITIONAL,
        pluginId: 'environments',
        resourceType: permission.resourceType,
        conditions: environmentConditions.isOwner({ claims }),
      };
    }
    if (
      permission.name.startsWith('platform.') &&
      isResourcePermission(permission, RESOURCE_TYPE_CATALOG_ENTITY)
    ) {
      const isOwner = catalogConditions.isEntityOwner({ claims });
      const isGroup = catalogConditions.isEntityKind({ kinds: ['Group'] });
      return createCatalogConditionalDecision(
        permission,
        isPermission(permission, metricsReadPermission)
          ? { anyOf: [isOwner, isGroup] }
          : isOwner,
      );
    }
    return { result: AuthorizeResult.ALLOW };
  },
};

describe('another policy in the place of the shipped one', () => {
  let backend: WholeBackend;
  let cluster: ClusterWithEnvironment;
  const deployed: Record<string, string> = {};

  const as = async <T extends Operations>(user: string, operations: T) => {
    const authorization = await backend.signIn(user);
    return createOperationClient(operations, {
      fetch: (input, init) =>
        fetch(String(input).replace('plugin://', `${backend.url}/api/`), {
          ...init,
          headers: {
            ...(init?.headers as Record<string, string>),
            Authorization: authorization,
          },
        }),
    });
  };
  /** What somebody was told who asked for something. */
  const told = (asking: Promise<unknown>): Promise<string> =>
    asking.then(
      () => 'It was given.',
      (error: ResponseError) => error.body.error.message,
    );
  const deploymentsAs = (user: string) => as(user, deploymentOperations);

  beforeAll(async () => {
    cluster = await startClusterWithEnvironment({
      name: 'pr-7',
      owner: 'group:default/payments-team',
    });
    backend = await startWholeBackend({
      policy: ownOnly,
      tokens: [],
      platform: {
        create: { imagePrefix: '127.0.0.1:1/none' },
        clusters: [
          { name: 'previews', kubeconfig: cluster.kubeconfig },
          NO_CLUSTER,
        ],
        previews: { cluster: 'previews' },
        environments: [{ name: 'staging', cluster: 'none' }],
      },
    });
    for (const [service, owner] of [
      [PAYMENT, PAYMENTS_OWNER],
      [STOREFRONT, STOREFRONT_OWNER],
    ]) {
      const { deployment } = await (
        await deploymentsAs(owner)
      ).deploy({ service, environment: 'staging', version: '1.0.0' });
      deployed[service] = deployment.id;
      await (
        await deploymentsAs(owner)
      ).addDeviation({
        ...{ service, environment: 'staging', guardrail: 'limits' as const },
        reason: 'to see who sees it',
        until: new Date(Date.now() + 3_600_000).toISOString(),
      });
      await (
        await as(owner, metricsOperations)
      ).ingest({
        service,
        events: [
          {
            specversion: '1.0',
            id: `run-${service}`,
            source: '/ci/test',
            type: 'com.myorg.platform.deployment.finished.1',
            time: new Date(Date.now() - 60_000).toISOString(),
            data: {
              ...{ service, environment: 'production', deployment: service },
              outcome: 'succeeded',
            },
          },
        ],
      });
    }
  }, 300_000);
  afterAll(async () => {
    await backend?.stop();
    await cluster?.stop();
  }, 300_000);

  const cases = [
    { owner: PAYMENTS_OWNER, own: PAYMENT, other: STOREFRONT },
    { owner: STOREFRONT_OWNER, own: STOREFRONT, other: PAYMENT },
  ];

  it.each(cases)(
    'leaves out of lists of deployments what it does not show to $owner',
    async ({ owner, own, other }) => {
      const client = await deploymentsAs(owner);
      const services = (items: { service: string }[]) => [
        ...new Set(items.map(one => one.service)),
      ];
      expect(services((await client.list({})).items)).toEqual([own]);
      expect(services((await client.status({})).items)).toEqual([own]);
      expect(services((await client.deviations({})).items)).toEqual([own]);
      const { items, next } = await client.events({});
      expect(services(items.map(one => one.data))).toEqual([own]);
      // A reader goes on behind all that there are, shown or not.
      expect(next).toBeGreaterThanOrEqual(4);
      for (const asked of [other, own]) {
        const wanted = asked === own ? [own] : [];
        const { items: some } = await client.list({ service: asked });
        expect(services(some)).toEqual(wanted);
        const status = await client.status({ service: [asked] });
        expect(services(status.items)).toEqual(wanted);
      }
      expect((await client.environments({})).items).toHaveLength(1);
    },
  );

  it.each(cases)(
    'decides on the service of a single deployment for $owner',
    async ({ owner, own, other }) => {
      const client = await deploymentsAs(owner);
      const { deployment } = await client.get({ id: deployed[own] });
      expect(deployment.service).toBe(own);
      const refused = /platform\.deployment\.read/;
      const id = deployed[other];
      expect(await told(client.get({ id }))).toMatch(refused);
      expect(await told(client.manifests({ id }))).toMatch(refused);
      const place = { service: other, environment: 'staging' };
      expect(await told(client.diagnose(place))).toMatch(refused);
      expect(await told(client.versions({ service: other }))).toMatch(refused);
      expect(await told(client.secretReferences({ service: other }))).toMatch(
        refused,
      );
    },
  );

  it('shows environments to those whom it shows them to', async () => {
    const mine = await as(PAYMENTS_OWNER, environmentOperations);
    const theirs = await as(STOREFRONT_OWNER, environmentOperations);
    expect((await mine.list({})).items).toMatchObject([{ name: 'pr-7' }]);
    expect((await theirs.list({})).items).toEqual([]);
    expect((await mine.get({ name: 'pr-7' })).environment.name).toBe('pr-7');
    const refused = /platform\.environment\.read/;
    expect(await told(theirs.get({ name: 'pr-7' }))).toMatch(refused);
    expect(await told(theirs.events({ name: 'pr-7' }))).toMatch(refused);
    expect(await told(theirs.logs({ name: 'pr-7' }))).toMatch(refused);
    expect((await theirs.orphans({})).items).toEqual([]);
  });

  it.each(cases)(
    'gives the numbers of what it shows to $owner, and says which may be asked for',
    async ({ owner, own, other }) => {
      const client = await as(owner, metricsOperations);
      const rows = async () =>
        (await client.teams({ by: 'service' })).rows.map(({ ref }) => ref);
      const patience = Date.now() + 30_000;
      while ((await rows()).length === 0 && Date.now() < patience);
      expect(await rows()).toEqual([own]);
      const { keys } = await client.summary({ slice: own });
      expect(keys.length).toBeGreaterThan(0);
      const { items } = await client.details({ slice: own, key: 'frequency' });
      expect(items.map(({ service }) => service)).toEqual([own]);
      expect(await told(client.summary({ slice: other }))).toMatch(
        `You may not see the numbers of ${other}`,
      );
      expect(await told(client.teams({ by: 'system', slice: other }))).toMatch(
        `You may not see the numbers of ${other}`,
      );
      const all = /Name one of them as slice/;
      expect(await told(client.summary({}))).toMatch(all);
      expect(await told(client.adoption({}))).toMatch(all);
      expect(await told(client.surveyResults({}))).toMatch(all);
      const { adoption } = await client.adoption({ slice: own });
      expect(adoption).toMatchObject({ slice: own, goldenPath: { whole: 1 } });
      const ofBoth = async () => {
        const { goldenPath } = (await client.adoption({ slice: BOTH }))
          .adoption;
        return goldenPath.state === 'value' ? goldenPath.whole : 0;
      };
      // Owners are looked at once a minute.
      const longer = Date.now() + 180_000;
      while ((await ofBoth()) < 2 && Date.now() < longer) await sleep(1000);
      expect(await ofBoth()).toBe(2);
      const behind = async (key: AdoptionKey) =>
        (await client.adoptionDetails({ slice: BOTH, key })).items.map(
          ({ service }) => service,
        );
      expect(await behind('golden-path')).toEqual([own]);
      expect(await behind('onboarding')).toContain(own);
      for (const key of adoptionKeys) {
        expect(await behind(key)).not.toContain(other);
        expect(
          await told(client.adoptionDetails({ slice: other, key })),
        ).toMatch(`You may not see the numbers of ${other}`);
        expect(await told(client.adoptionSeries({ key }))).toMatch(all);
      }
      expect(await told(client.adoption({ slice: other }))).toMatch(
        `You may not see the numbers of ${other}`,
      );
      const { gaps, items: sources } = await client.sources({});
      expect(sources).toEqual([]);
      expect(gaps.filter(({ service }) => service === other)).toEqual([]);
    },
  );

  it('may show all records, which nobody else would see', async () => {
    await backend.recordAbout(STOREFRONT);
    const client = await as(PAYMENTS_OWNER, auditOperations);
    const { items } = await client
      .search({ service: STOREFRONT })
      .catch(inWords);
    expect(items.length).toBeGreaterThan(0);
  });

  it('leaves the table of what can be done', async () => {
    const client = await as(PAYMENTS_OWNER, accessOperations);
    expect((await client.listOperations({})).items).toContainEqual(
      expect.objectContaining({
        ...{ plugin: 'deployments', name: 'list', filtered: true },
        permission: 'platform.deployment.read',
      }),
    );
  });
});
