import { Entity } from '@backstage/catalog-model';
import {
  annotationRules,
  findingsOf,
} from '@highroad/plugin-catalog-platform-common';
import fc from 'fast-check';
import { PlatformAnnotationsProcessor } from './PlatformAnnotationsProcessor';

const location = {
  type: 'url',
  target: 'https://github.com/acme/shop/blob/main/catalog-info.yaml',
};
const processor = new PlatformAnnotationsProcessor({
  pagerDutyUrl: 'https://acme.pagerduty.com/',
  alsoKnown: [],
});

function entityWith(annotations: unknown, metadata: object = {}): Entity {
  const entity = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'shop', annotations, ...metadata },
    spec: { type: 'service', lifecycle: 'production', owner: 'shop-team' },
  };
  // Files hold anything; this is what the catalog hands on for them.
  return JSON.parse(JSON.stringify(entity));
}

async function process(entity: Entity): Promise<Entity> {
  const before = await processor.preProcessEntity(entity, location);
  return processor.postProcessEntity(before, location, () => {});
}

describe('PlatformAnnotationsProcessor', () => {
  it('adds the links that follow from valid annotations', async () => {
    const { metadata } = await process(
      entityWith({
        'github.com/project-slug': 'acme/shop',
        'pagerduty.com/service-id': 'PX3YZ12',
        'datadog/dashboard-url': 'https://app.datadoghq.com/dashboard/abc',
        'platform.myorg.com/runbook-url': 'https://wiki.acme.example/shop',
      }),
    );
    expect(metadata.links?.map(({ url, type }) => [type, url])).toEqual([
      ['dashboard', 'https://app.datadoghq.com/dashboard/abc'],
      ['on-call', 'https://acme.pagerduty.com/service-directory/PX3YZ12'],
      ['runbook', 'https://wiki.acme.example/shop'],
      ['repository', 'https://github.com/acme/shop'],
      ['ci', 'https://github.com/acme/shop/actions'],
    ]);
  });

  it('leaves the links people wrote as they are, and does not repeat their addresses or types', async () => {
    const written = [
      { url: 'https://github.com/acme/shop/', title: 'Our code' },
      { url: 'https://ci.acme.example/shop', title: 'Builds', type: 'ci' },
    ];
    const { metadata } = await process(
      entityWith(
        {
          'github.com/project-slug': 'acme/shop',
          'pagerduty.com/service-id': 'PX3YZ12',
        },
        { links: written },
      ),
    );
    expect(metadata.links).toEqual([
      ...written,
      expect.objectContaining({ type: 'on-call' }),
    ]);
  });

  it('makes no link of an address that it reports', async () => {
    const entity = await process(
      entityWith({
        'datadog/dashboard-url': 'data:text/html,x',
        'platform.myorg.com/runbook-url': 'http://wiki.acme.example',
      }),
    );
    expect(entity.metadata.links).toBeUndefined();
    expect(findingsOf(entity)).toHaveLength(2);
  });

  it.each([
    [
      'url:https://github.acme.example/pay/shop/tree/main/',
      'https://github.acme.example/pay/shop',
      '/actions',
    ],
    [
      'url:https://gitea.acme.example/pay/shop/src/branch/main/',
      'https://gitea.acme.example/pay/shop',
      '/actions',
    ],
    [
      'url:https://gitlab.acme.example/a/b/shop/-/tree/main/',
      'https://gitlab.acme.example/a/b/shop',
      '/-/pipelines',
    ],
  ])(
    'finds the repository of a file that was read from %s',
    async (source, url, ci) => {
      const { metadata } = await process(
        entityWith({ 'backstage.io/source-location': source }),
      );
      expect(metadata.links?.map(link => link.url)).toEqual([
        url,
        `${url}${ci}`,
      ]);
    },
  );

  it('uses the GitHub that the file was read from when the slug names the same repository', async () => {
    const { metadata } = await process(
      entityWith({
        'backstage.io/source-location':
          'url:https://github.acme.example/pay/shop/tree/main/',
        'github.com/project-slug': 'pay/shop',
      }),
    );
    expect(metadata.links?.[0].url).toBe(
      'https://github.acme.example/pay/shop',
    );
  });

  it("says that an annotation is the platform's own to write, and removes it", async () => {
    const entity = await process(
      entityWith({ 'platform.myorg.com/findings': 'error' }),
    );
    expect(findingsOf(entity)).toEqual([
      expect.objectContaining({ rule: 'written-by-platform', found: 'error' }),
    ]);
    expect(entity.metadata.annotations).toEqual({
      'platform.myorg.com/findings': 'warning',
    });
  });

  it('believes no findings that a file claims to have', async () => {
    const claim = JSON.stringify([
      {
        rule: 'x',
        level: 'error',
        file: 'x',
        field: 'x',
        found: 'x',
        message: 'x',
        fix: 'x',
      },
    ]);
    const entity = await process(
      entityWith({ 'platform.myorg.com/findings': claim }),
    );
    expect(findingsOf(entity).map(({ rule }) => rule)).toEqual([
      'written-by-platform',
    ]);
  });

  it('changes nothing of an entity without annotations that concern it', async () => {
    const entity = entityWith({ 'somebody.else/x': 'y' });
    expect(await process(entity)).toEqual(entity);
  });

  it('does not touch the annotations of others, even where the catalog will refuse them', async () => {
    const { metadata } = await processor.preProcessEntity(
      entityWith({ 'somebody.else/x': 1, 'platform.myorg.com/port': 1 }),
      location,
    );
    expect(metadata.annotations).toMatchObject({
      'somebody.else/x': 1,
      'platform.myorg.com/port': '1',
    });
  });

  const names = fc.oneof(
    fc.constantFrom(...annotationRules.map(rule => rule.name)),
    fc.string({ unit: 'binary' }).map(text => `platform.myorg.com/${text}`),
    fc.constantFrom('__proto__', 'constructor', 'backstage.io/source-location'),
    fc.string({ unit: 'binary' }),
  );
  const values = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3000 }),
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc.string().map(text => `https://${text}`),
    fc.string().map(text => `url:https://${text}/tree/`),
    fc.constant('a'.repeat(100_000)),
    fc.constant(`${'/'.repeat(50_000)}.git`),
    fc.jsonValue(),
  );

  it('never throws and always hands on text, whatever annotations hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.dictionary(names, values, { noNullPrototype: true }),
          fc.jsonValue(),
        ),
        async annotations => {
          const entity = await processor.preProcessEntity(
            entityWith(annotations),
            location,
          );
          const checked = Object.entries(
            entity.metadata.annotations ?? {},
          ).filter(
            ([name]) =>
              name.startsWith('platform.myorg.com/') ||
              annotationRules.some(rule => rule.name === name),
          );
          const isMapping =
            typeof annotations === 'object' && !Array.isArray(annotations);
          expect(
            checked.filter(
              ([, value]) => isMapping && typeof value !== 'string',
            ),
          ).toEqual([]);
          // The catalog only hands on entities whose annotations are all text.
          const texts = Object.fromEntries(
            Object.entries(entity.metadata.annotations ?? {}).filter(
              ([, value]) => typeof value === 'string',
            ),
          );
          const done = await processor.postProcessEntity(
            { ...entity, metadata: { ...entity.metadata, annotations: texts } },
            location,
            () => {},
          );
          for (const finding of findingsOf(done)) {
            expect(finding.fix).not.toBe('');
            expect(finding.found.length).toBeLessThanOrEqual(240);
            expect(finding.found).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
          }
          for (const link of done.metadata.links ?? []) {
            expect(new URL(link.url).protocol).toBe('https:');
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
