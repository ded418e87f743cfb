import {
  expiryOf,
  fillIn,
  parseDuration,
  parseManifest,
  pullRequestEnvironmentName,
  slugOf,
} from './index';

const ISSUED = `apiVersion: platform.myorg.com/v1
kind: Environment
metadata:
  name: pr-1234
spec:
  type: preview
  ttl: 7d
  services:
    - name: api
      image: myorg/api:pr-1234
    - name: frontend
      image: myorg/frontend:pr-1234
  databases:
    - type: postgres
      seed: fixtures/demo-data.sql
`;

const problems = (source: string) => {
  const parsed = parseManifest(source);
  return parsed.ok ? [] : parsed.problems;
};

describe('manifests of environments', () => {
  it('takes the manifest that the documentation shows, as it stands, and adds what it leaves out', () => {
    const parsed = parseManifest(ISSUED);
    expect(parsed).toMatchObject({
      ok: true,
      manifest: {
        spec: {
          ttl: '7d',
          services: [
            { name: 'api', port: 8080, public: true, replicas: 1 },
            { name: 'frontend' },
          ],
          databases: [{ name: 'main', seed: 'fixtures/demo-data.sql' }],
        },
      },
    });
  });

  it('names the field, the line and what to write for each mistake', () => {
    expect(
      problems(
        ISSUED.replace('ttl: 7d', 'ttl: a week').replace(
          'image: myorg/frontend',
          'imgae: myorg/frontend',
        ),
      ),
    ).toEqual([
      {
        field: 'spec.ttl',
        line: 7,
        message: expect.stringContaining('such as 12h or 7d'),
      },
      {
        field: 'spec.services[1].imgae',
        line: 12,
        message: 'there is no such field; did you mean "image"?',
      },
      {
        field: 'spec.services[1].image',
        line: 11,
        message: expect.stringContaining('it is missing; give an image'),
      },
    ]);
  });

  it.each([
    ['', /empty/],
    ['{', /not YAML/],
    [`${ISSUED}---\n${ISSUED}`, /one environment at a time/],
    [ISSUED.replace('name: frontend', 'name: api'), /there twice/],
    [ISSUED.replace('fixtures/', '../'), /stays there/],
    [ISSUED.replace('demo-data', 'demo..data'), /stays there/],
    [
      ISSUED.replace('ttl: 7d', 'repository: ssh://git@git.test/shop/cart'),
      /begins with https/,
    ],
    [ISSUED.replace(':pr-1234', ':$(comit)'), /can't be filled in/],
    [ISSUED.replace('pr-1234', 'PR_1234'), /lower-case/],
    ['x'.repeat(200_000), /at most/],
  ])('refuses what cannot be meant (%#)', (source, message) => {
    expect(problems(source)[0].message).toMatch(message);
  });

  it.each(['api', 'component:default/api'])(
    'takes the manifests of the service itself, named %s, in place of an image or beside one',
    service => {
      const from = `from: { service: '${service}' }`;
      expect(
        problems(ISSUED.replace('image: myorg/api:pr-1234', from)),
      ).toEqual([]);
      expect(
        problems(
          ISSUED.replace(
            'image: myorg/api:pr-1234',
            `image: api:1\n      ${from}`,
          ),
        ),
      ).toEqual([]);
    },
  );

  it.each([
    ['{ name: http, port: 9090 }', 0, 'name', /is the platform’s/],
    ['{ name: http-own, port: 9090 }', 0, 'name', /is the platform’s/],
    ['{ name: web, port: 80 }', 0, 'port', /leads to its port \(8080\)/],
    ['{ name: web, port: 8080 }', 0, 'port', /is its port already/],
    ['{ name: a, port: 1 }, { name: a, port: 2 }', 1, 'name', /twice/],
    ['{ name: a, port: 1 }, { name: b, port: 1 }', 1, 'port', /twice/],
  ])('refuses the ports %s', (ports, at, field, message) => {
    const text = `image: myorg/api:pr-1234\n      ports: [${ports}]`;
    expect(problems(ISSUED.replace('image: myorg/api:pr-1234', text))).toEqual([
      {
        field: `spec.services[0].ports[${at}].${field}`,
        line: expect.any(Number),
        message: expect.stringMatching(message),
      },
    ]);
  });

  it.each([
    ['from: { service: cart }', 'from.service', /takes its own manifests/],
    ['from: {}', 'from.service', /missing/],
    [
      'from: { service: api, overlay: ../x }',
      'from.overlay',
      /deploy.overlays/,
    ],
    ['from: { service: api, revison: x }', 'from.revison', /"revision"/],
    ['from: { service: api }\n      health: /x', 'health', /leave it out/],
    ['from: { service: api }\n      args: [a]', 'args', /leave it out/],
    [
      'from: { service: api }\n      ports: [{ name: a, port: 1 }]',
      'ports',
      /leave it out/,
    ],
  ])(
    'refuses %j beside what a service’s manifests say',
    (text, field, message) => {
      expect(
        problems(ISSUED.replace('image: myorg/api:pr-1234', text)),
      ).toEqual([
        {
          field: `spec.services[0].${field}`,
          line: expect.any(Number),
          message: expect.stringMatching(message),
        },
      ]);
    },
  );

  it('refuses a secret in plain text, by its field, and says what to write instead of it', () => {
    const withVariable = (name: string, value: string) =>
      ISSUED.replace(
        'image: myorg/api:pr-1234',
        `image: myorg/api:pr-1234\n      env:\n        - { name: ${name}, value: '${value}' }`,
      );
    expect(problems(withVariable('DB_PASSWORD', 'hunter2'))).toEqual([
      {
        ...{ field: 'spec.services[0].env[0].value', line: 12 },
        message: expect.stringMatching(
          /^DB_PASSWORD holds a value in plain text.*platform secrets set api\/DB_PASSWORD, .*secret: \{ service: api, key: DB_PASSWORD \}/,
        ),
      },
    ]);
    const key = `sk_live_${'a1'.repeat(12)}`;
    const [{ message }] = problems(withVariable('STRIPE', key));
    expect(message).not.toContain(key);
    for (const value of ['$(commit)', '${commit}', 'true', '']) {
      expect(problems(withVariable('DB_PASSWORD', value))).toEqual([]);
    }
    expect(
      problems(
        withVariable('X', '').replace(
          "name: X, value: ''",
          'name: DB_PASSWORD, secret: { service: api, key: DB_PASSWORD }',
        ),
      ),
    ).toEqual([]);
  });

  it('fills in what a pull request gives, in both spellings, and says what is not known', () => {
    const pullRequest = { number: 7, branch: 'try', commit: 'a'.repeat(40) };
    expect(
      fillIn('shop/cart:$(commit)-${pullRequest.number}', {
        name: 'x',
        pullRequest,
      }),
    ).toEqual({ text: `shop/cart:${'a'.repeat(40)}-7`, missing: [] });
    expect(fillIn('shop/cart:$(commit)', { name: 'x' })).toEqual({
      text: 'shop/cart:$(commit)',
      missing: ['commit'],
    });
  });
});

describe('names', () => {
  const host = 'git.example.com';

  it('names a pull request’s environment by repository and number, as a DNS label', () => {
    const names = [
      { host, repository: 'shop/cart', number: 12 },
      { host, repository: 'shop/cart', number: 13 },
      { host, repository: 'other/cart', number: 12 },
      { host: 'github.com', repository: 'shop/cart', number: 12 },
      { host, repository: `shop/${'Very_Long.'.repeat(10)}`, number: 123456 },
    ].map(pullRequestEnvironmentName);
    expect(new Set(names).size).toBe(5);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9-]{1,39}$/);
    expect(names[0]).toMatch(/^pr-12-cart-/);
  });

  it('does not care how the letters of a repository are written', () => {
    expect(
      pullRequestEnvironmentName({ host, repository: 'Shop/Cart', number: 1 }),
    ).toBe(
      pullRequestEnvironmentName({ host, repository: 'shop/cart', number: 1 }),
    );
  });

  it('keeps environments of the same name in two namespaces apart', () => {
    const slugs = ['home', 'team-a', 'team-b'].map(namespace =>
      slugOf({ namespace, name: 'demo' }, 'home'),
    );
    expect(slugs[0]).toBe('demo');
    expect(new Set(slugs).size).toBe(3);
  });
});

describe('the end of an environment', () => {
  const createdAt = new Date('2026-01-01T00:00:00Z');
  const limits = {
    countFrom: 'creation',
    maxLifetimeMs: 30 * 86_400_000,
  } as const;
  const after = (days: number) =>
    new Date(createdAt.getTime() + days * 86_400_000);

  it('comes its time to live after it was made, or as far as it was extended', () => {
    const life = { ttl: '7d', kept: false, createdAt };
    expect(expiryOf(life, limits)).toEqual(after(7));
    expect(expiryOf({ ...life, extendedUntil: after(9) }, limits)).toEqual(
      after(9),
    );
    expect(expiryOf({ ...life, extendedUntil: after(90) }, limits)).toEqual(
      after(30),
    );
  });

  it('counts from activity only where the platform does', () => {
    const life = {
      ttl: '1d',
      kept: false,
      createdAt,
      lastActivityAt: after(3),
    };
    expect(expiryOf(life, limits)).toEqual(after(1));
    expect(expiryOf(life, { ...limits, countFrom: 'activity' })).toEqual(
      after(4),
    );
  });

  it('never comes for one that is kept, nor from a time to live that cannot be read', () => {
    expect(
      expiryOf({ ttl: '1d', kept: true, createdAt }, limits),
    ).toBeUndefined();
    expect(
      expiryOf({ ttl: 'soon', kept: false, createdAt }, limits),
    ).toBeUndefined();
    expect(parseDuration('0d')).toBeUndefined();
  });
});
