import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { canonicalManifests } from './canonical';
import { addHealthChecks } from './healthChecks';
import { KubernetesObject } from './KubernetesObject';
import { pinImage } from './pinImage';
import { readObjects } from './readObjects';

const digest = `sha256:${'a'.repeat(64)}`;
const image = 'ghcr.io/acme/cart';
const workload = (...containers: object[]): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart' },
  spec: { template: { spec: { containers } } },
});
const pin = (objects: KubernetesObject[], version = '1.2.3') =>
  pinImage(objects, { image, digest, version });

describe('the image of a version', () => {
  it('is put by its digest wherever the manifests run it, and nowhere else', () => {
    const other = { name: 'proxy', image: 'envoy:1' };
    const job = {
      ...workload({ name: 'migrate', image: `${image}:unset` }),
      kind: 'Job',
    };
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'cart' },
    };
    const [pinned, migrate, same] = pin([
      workload({ name: 'cart', image: `${image}:unset`, args: ['x'] }, other),
      job,
      service,
    ]);
    expect(pinned).toMatchObject({
      metadata: {
        labels: { 'app.kubernetes.io/version': '1.2.3' },
        annotations: { 'platform.myorg.com/version': '1.2.3' },
      },
      spec: {
        template: {
          spec: {
            containers: [
              { name: 'cart', image: `${image}@${digest}`, args: ['x'] },
              other,
            ],
          },
        },
      },
    });
    expect(JSON.stringify(migrate)).toContain(digest);
    expect(same).toBe(service);
  });

  it('changes nothing of the pods for another tag of the same image', () => {
    const objects = [workload({ name: 'cart', image })];
    expect(pin(objects, '1')[0].spec).toEqual(pin(objects, '2')[0].spec);
  });

  it('is an annotation only where it can be no label', () => {
    const version = `v${'1'.repeat(80)}`;
    const [{ metadata }] = pin([workload({ name: 'cart', image })], version);
    expect(metadata.annotations).toEqual({
      'platform.myorg.com/version': version,
    });
    expect(metadata.labels).toEqual({});
  });

  it('is missed where no container runs it, with those that are there', () => {
    expect(() =>
      pin([workload({ name: 'cart', image: 'acme/other:1' })]),
    ).toThrow(/No container .* ghcr\.io\/acme\/cart.*They run: acme\/other:1/);
  });
});

describe('health checks', () => {
  const addresses = {
    healthPath: '/healthz',
    readyPath: '/readyz',
    port: 9000,
  };
  const pinned = { name: 'cart', image: `${image}@${digest}` };
  const add = (container: object, given: object = addresses) =>
    addHealthChecks(
      [workload(container, { name: 'proxy', image: 'envoy:1' })],
      {
        addresses: given,
        digest,
      },
    );

  it('are taken from the catalog where the service has none', () => {
    const { objects, added } = add(pinned);
    expect(objects[0]).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [
              {
                readinessProbe: { httpGet: { path: '/readyz', port: 9000 } },
                livenessProbe: { httpGet: { path: '/healthz', port: 9000 } },
              },
              { name: 'proxy', image: 'envoy:1' },
            ],
          },
        },
      },
    });
    expect(added).toEqual([
      'Deployment cart, container cart: readiness probe at /readyz, from the catalog',
      'Deployment cart, container cart: liveness probe at /healthz, from the catalog',
    ]);
  });

  it('that the manifest has are left alone', () => {
    const probe = { exec: { command: ['true'] } };
    const { objects, added } = add({
      ...pinned,
      readinessProbe: probe,
      livenessProbe: probe,
    });
    expect(added).toEqual([]);
    expect(objects[0]).toEqual(
      workload(
        { ...pinned, readinessProbe: probe, livenessProbe: probe },
        { name: 'proxy', image: 'envoy:1' },
      ),
    );
  });

  it('use the port of the container where the catalog names none, and none that is not clear', () => {
    const http = { name: 'http', containerPort: 8080 };
    const given = { healthPath: '/healthz' };
    const text = (ports: object[]) =>
      JSON.stringify(add({ ...pinned, ports }, given).objects);
    expect(text([http, { containerPort: 1 }])).toContain('"port":8080');
    expect(
      add(
        { ...pinned, ports: [{ containerPort: 1 }, { containerPort: 2 }] },
        given,
      ).added,
    ).toEqual([]);
    expect(add(pinned, {}).added).toEqual([]);
  });
});

describe('manifests as text', () => {
  const value = fc.letrec(tie => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        'yes',
        'y',
        'on',
        'NO',
        '0400',
        '0o17',
        '0b1',
        '0x1F',
        '1:30',
        '1_000',
        '2001-01-01',
        '~',
        'null',
        '',
        '.inf',
        '<<',
        '=',
        '- a',
        '*a',
        '&a',
        '!a',
        '%a',
        '1e3',
        'a: b',
        'a #b',
        '\n',
        'a\nb\n',
        '  a',
        '\t',
      ),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(
        fc
          .oneof(fc.string(), fc.constantFrom('on', 'y', '1', '0400', '<<', ''))
          .filter(key => key !== '__proto__'),
        tie('any'),
        { maxKeys: 3 },
      ),
    ),
  })).any;
  const object = value.map(spec => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x' },
    spec,
  }));

  it('are read back as they were, by YAML 1.1 and 1.2 alike', () => {
    fc.assert(
      fc.property(object, given => {
        const { text } = canonicalManifests([given]);
        const plain = JSON.parse(JSON.stringify(given));
        expect(readObjects(text)).toEqual([plain]);
        for (const version of ['1.1', '1.2'] as const) {
          const [document] = parseAllDocuments(text, { version });
          expect(document.toJS()).toEqual(plain);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are the same for the same objects in any order of objects and keys', () => {
    const kinds = ['Deployment', 'Service', 'ConfigMap', 'Job', 'Ingress'];
    const objects = kinds.flatMap(kind =>
      ['a', 'b'].map(name => ({
        apiVersion: 'v1',
        kind,
        metadata: { name, labels: { x: '1', y: '2' } },
      })),
    );
    const { text } = canonicalManifests(objects);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(objects, { minLength: objects.length }),
        shuffled => {
          const turned = shuffled.map(({ apiVersion, kind, metadata }) => ({
            metadata: { labels: { y: '2', x: '1' }, name: metadata.name },
            kind,
            apiVersion,
          }));
          expect(canonicalManifests(turned).text).toBe(text);
        },
      ),
    );
  });

  it.each([
    ['kind: ConfigMap', /apiVersion: Required/],
    [
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: x-}',
      /metadata\.name: Required/,
    ],
    [
      'apiVersion: v1\nkind: X\nmetadata: {name: x}\nmetadata: {name: y}',
      /"metadata" is there twice/,
    ],
    ['apiVersion: v1\nkind: X\nmetadata: {name: 1}', /Expected string/],
    ['[1, 2]', /Expected object/],
    ['a: [', /no YAML/],
    ['%YAML 1.1\n---\na: 1', /directive/],
    ['a: !!binary aGk=', /the tag/],
    ['a: !evil x', /tag/],
    [Array(400).fill('a: 1').join('\n---\n'), /more than 300/],
  ])('are refused where they are none: %j', (text, why) => {
    expect(() => readObjects(text)).toThrow(why);
  });

  it('take no more time for each key where there are many', () => {
    /** The quickest of three, since the machine may be busy */
    const quickest = (count: number) => {
      const keys = Array.from({ length: count }, (_, at) => `  k${at}: x`);
      const text = `apiVersion: v1\nkind: X\nmetadata: {name: x}\ndata:\n${keys.join(
        '\n',
      )}`;
      return Math.min(
        ...[1, 2, 3].map(() => {
          const since = performance.now();
          readObjects(text);
          return performance.now() - since;
        }),
      );
    };
    // Ten times as many; a hundred times as long would be the square.
    expect(quickest(20_000)).toBeLessThan(35 * quickest(2_000));
  });

  it('are either read or refused in words, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
        let outcome: unknown = 'read';
        try {
          readObjects(text);
        } catch (error) {
          outcome = error instanceof Error && error.name;
        }
        expect(['read', 'InputError']).toContain(outcome);
      }),
      { numRuns: 500 },
    );
  });
});
