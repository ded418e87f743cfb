import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { LocalRepositories } from '@highroad/plugin-local-repositories-node';
import fs from 'fs-extra';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { serviceFiles } from './testing/service';
import { git } from '../git';
import { findKubectl } from './kubectl';
import { kustomize } from './kustomize';
import { ManifestSource } from './ManifestSource';
import { readObjects } from './readObjects';

// Each starts git a few times, and kubectl, on a machine that may be busy.
const mock = createMockDirectory();
let count = 0;

/** A repository on this machine with these files; `links` are symbolic ones. */
async function repositoryWith(
  files: Record<string, string>,
  links: Record<string, string> = {},
): Promise<{ repository: string; commit: string }> {
  count += 1;
  const folder = mock.resolve(`work-${count}`);
  for (const [path, content] of Object.entries(files))
    await fs.outputFile(`${folder}/${path}`, content);
  for (const [path, target] of Object.entries(links)) {
    await fs.ensureDir(dirname(`${folder}/${path}`));
    await fs.remove(`${folder}/${path}`);
    await fs.symlink(target, `${folder}/${path}`);
  }
  const id = { owner: 'acme', name: `cart-${count}` };
  const { commit } = await new LocalRepositories(
    mock.resolve('repositories'),
  ).publish({
    id,
    folder,
    branch: 'main',
    message: 'x',
    author: { name: 'a', email: 'a@example.com' },
  });
  return {
    repository: `http://localhost:3000/repositories/acme/${id.name}`,
    commit,
  };
}

const source = (data: object = {}) =>
  ManifestSource.fromConfig(
    mockServices.rootConfig({
      data: {
        app: { baseUrl: 'http://localhost:3000' },
        platform: {
          localRepositories: { directory: mock.resolve('repositories') },
          deployments: { cache: mock.resolve('cache') },
        },
        ...data,
      },
    }),
  );

const render = async (
  files: Record<string, string>,
  options: {
    links?: Record<string, string>;
    environment?: string;
    tier?: string;
  } = {},
) =>
  (await source()).render({
    ...(await repositoryWith(files, options.links)),
    environment: options.environment ?? 'staging',
    tier: options.tier ?? 'staging',
  });

const withResource = (written: string, more: Record<string, string> = {}) =>
  serviceFiles({
    'deploy/overlays/staging/kustomization.yaml': `resources: [../../base, ${JSON.stringify(
      written,
    )}]`,
    ...more,
  });
const withField = (yaml: string, more: Record<string, string> = {}) =>
  serviceFiles({
    'deploy/overlays/staging/kustomization.yaml': `resources: [../../base]\n${yaml}`,
    ...more,
  });

describe('manifests of a commit', () => {
  it('are rendered with what lies beside them', async () => {
    const { overlay, objects, text, sha256 } = await render(serviceFiles());
    expect(overlay).toBe('deploy/overlays/staging');
    expect(objects.map(({ kind }) => kind)).toEqual([
      'ServiceAccount',
      'ConfigMap',
      'Service',
      'Deployment',
    ]);
    expect(objects[1]).toMatchObject({
      data: { 'cart.json': '{"title":"cart"}\n' },
    });
    expect(objects[3]).toMatchObject({ spec: { replicas: 2 } });
    expect(text).toContain('image: ghcr.io/acme/cart:unset');
    expect(sha256).toMatch(/^[a-f0-9]{64}$/);
    expect((await render(serviceFiles())).sha256).toBe(sha256);
  });

  it('mean what they mean to Kubernetes, also in what YAML 1.1 and 1.2 read differently', async () => {
    const { objects, text } = await render(
      serviceFiles({
        'deploy/base/service.yaml': `
apiVersion: v1
kind: ConfigMap
metadata: {name: odd}
data: {a: "yes", b: "0400", c: "1e3", d: "0o17", e: "12:30", f: "null"}
mode: 0400
on: yes
`,
      }),
    );
    const odd = objects.find(({ metadata }) => metadata.name === 'odd');
    expect(odd).toMatchObject({
      data: { a: 'yes', b: '0400', c: '1e3', d: '0o17', e: '12:30', f: 'null' },
      mode: 256,
    });
    expect(readObjects(text)).toEqual(objects);
  });

  it('come from the overlay of the tier where the environment has none', async () => {
    const { overlay } = await render(serviceFiles(), {
      environment: 'staging-eu',
    });
    expect(overlay).toBe('deploy/overlays/staging');
  });

  it('are missed with the names of the overlays that there are', async () => {
    await expect(
      render(serviceFiles(), { environment: 'production', tier: 'production' }),
    ).rejects.toMatchObject({
      name: 'NotFoundError',
      message: expect.stringMatching(
        /neither deploy\/overlays\/production.*There are: staging/,
      ),
    });
    await expect(render({ 'README.md': 'x' })).rejects.toThrow(
      /no folder in deploy\/overlays/,
    );
  });

  it('follow a symbolic link to a file of the repository', async () => {
    const { objects } = await render(
      serviceFiles({
        'shared/service.yaml': serviceFiles()['deploy/base/service.yaml'],
      }),
      { links: { 'deploy/base/service.yaml': '../../shared/service.yaml' } },
    );
    expect(objects.map(({ kind }) => kind)).toContain('Service');
  });

  it('are not looked for at a commit that does not exist', async () => {
    const { repository } = await repositoryWith(serviceFiles());
    const options = { repository, environment: 'staging', tier: 'staging' };
    await expect(
      (await source()).render({ ...options, commit: 'b'.repeat(40) }),
    ).rejects.toMatchObject({
      name: 'NotFoundError',
      message: expect.stringMatching(/has no commit b+\./),
    });
    await expect(
      (await source()).render({ ...options, commit: 'main' }),
    ).rejects.toMatchObject({ name: 'InputError' });
  });

  it('are found by a tag of the version', async () => {
    const { repository, commit } = await repositoryWith(serviceFiles());
    const directory = mock.resolve(`repositories/acme/cart-${count}.git`);
    const find = async (version: string) =>
      (await source()).findCommit({ repository, version });
    expect(await find('1.2.3')).toBeUndefined();
    await git(['update-ref', 'refs/tags/v1.2.3', commit], {
      directory,
      timeoutMs: 10_000,
      maxBytes: 1000,
    });
    expect(await find('1.2.3')).toBe(commit);
    expect(await find('1.2')).toBeUndefined();
  });

  it('are not rendered by a kubectl that is not there', async () => {
    const files = await repositoryWith(serviceFiles());
    const without = await source({
      platform: {
        localRepositories: { directory: mock.resolve('repositories') },
        deployments: { kubectl: '/nowhere/kubectl' },
      },
    });
    await expect(
      without.render({ ...files, environment: 'staging', tier: 'staging' }),
    ).rejects.toThrow(/platform\.deployments\.kubectl/);
    await without.close();
  });
});

describe('a repository that reaches out', () => {
  /** Stands for whatever a remote base could lead to. */
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n');
  });
  let port: number;
  beforeAll(async () => {
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    port =
      address && typeof address !== 'string'
        ? (address satisfies AddressInfo).port
        : 0;
  });
  afterAll(() => new Promise(done => server.close(done)));
  beforeEach(() => asked.splice(0));
  afterEach(() => {
    if (asked.length > 0) throw new Error(`It was asked for ${asked}.`);
  });

  it('would be followed by kustomize itself, which is what the next tests guard against', async () => {
    const url = `http://127.0.0.1:${port}/x`;
    await kustomize(await findKubectl(undefined), {
      overlay: 'a',
      files: [
        {
          path: 'a/kustomization.yaml',
          content: Buffer.from(`resources: ["${url}"]`),
        },
      ],
    });
    expect(asked.splice(0)).toEqual(['/x']);
  });

  it.each([
    'git::https://example.com/acme/base.git',
    'https://example.com/base.yaml',
    'github.com/acme/base?ref=v1',
    'github.com/acme/base',
    'GitHub.com/acme/base',
    './github.com/acme/base',
    'git@github.com:acme/base.git',
    'ssh://git@example.com/base',
    'gh:acme/base',
    'file:///etc',
    'acme/base?ref=main',
  ])('is refused for the resource %s', async written => {
    await expect(
      // A file of that name does not help: kustomize looks elsewhere first.
      render(
        withResource(written, {
          'deploy/overlays/staging/github.com/acme/base/kustomization.yaml':
            'resources: []',
        }),
      ),
    ).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('read from another place'),
    });
  });

  it.each([
    ['patches', 'patches: [{path: URL}]'],
    ['configMapGenerator', 'configMapGenerator: [{name: x, files: [URL]}]'],
    [
      'configMapGenerator with a key',
      'configMapGenerator: [{name: x, files: ["a=http://127.0.0.1/x"]}]',
    ],
    ['configMapGenerator envs', 'configMapGenerator: [{name: x, envs: [URL]}]'],
    ['configMapGenerator env', 'configMapGenerator: [{name: x, env: URL}]'],
    ['patchesStrategicMerge', 'patchesStrategicMerge: [URL]'],
    ['patchesJson6902', 'patchesJson6902: [{path: URL, target: {kind: x}}]'],
    ['replacements', 'replacements: [{path: URL}]'],
    ['components', 'components: [URL]'],
    ['bases', 'bases: [URL]'],
    ['crds', 'crds: [URL]'],
    ['configurations', 'configurations: [URL]'],
    ['openapi', 'openapi: {path: URL}'],
    ['a field in another case', 'patches: [{Path: URL}]'],
    ['a section in another case', 'Resources: [URL]'],
    [
      'a tag that only one reader knows',
      'components: [!!binary aHR0cDovL3gveQ==]',
    ],
  ])('is refused for %s', async (_, yaml) => {
    const text = yaml.replace('URL', `"http://127.0.0.1:${port}/x"`);
    await expect(render(withField(text))).rejects.toThrow(
      /read from another place|does not know this field|the tag/,
    );
  });

  it.each([
    ['a line break of Unicode', '\u2028'],
    ['a line break of old', '\u0085'],
    ['half a line break', '\r'],
  ])(
    'reaches nothing behind %s, where only some readers see a new line',
    async (_, character) => {
      const outcome = await render(
        withField(
          `# note${character}components: ["http://127.0.0.1:${port}/x"]`,
        ),
      ).then(
        () => 'read',
        error => error.name,
      );
      expect(['read', 'InputError']).toContain(outcome);
    },
  );

  it.each([
    ['/etc', /leads out of the repository/],
    ['../../../../../etc/hostname', /leads out of the repository/],
    ['nothing.yaml', /no such file or folder/],
  ])('is refused for the path %s', async (written, why) => {
    await expect(render(withResource(written))).rejects.toThrow(why);
  });

  it.each([
    ['/etc/hostname', /symbolic link that leads out/],
    ['../../../../../../etc/hostname', /leads out of the repository/],
    ['../../base', /symbolic link to a folder/],
    ['link.yaml', /link to a symbolic link/],
  ])('is refused for a symbolic link to %s', async (target, why) => {
    await expect(
      render(withResource('link.yaml'), {
        links: { 'deploy/overlays/staging/link.yaml': target },
      }),
    ).rejects.toThrow(why);
  });

  it('is refused a file by a folder that is a symbolic link', async () => {
    await expect(
      render(withResource('out/passwd'), {
        links: { 'deploy/overlays/staging/out': '/etc' },
      }),
    ).rejects.toThrow(/no such file or folder/);
  });
});

describe('a repository that would run programs', () => {
  const exec = `
apiVersion: v1
kind: Evil
metadata:
  name: evil
  annotations: {config.kubernetes.io/function: "exec: {path: ./evil.sh}"}
`;
  it.each([
    ['generators: [evil.yaml]', /generators may run programs/],
    ['transformers: [evil.yaml]', /transformers may run programs/],
    ['validators: [evil.yaml]', /validators may run programs/],
    ['helmCharts: [{name: x, repo: https://x}]', /charts are not rendered/],
    ['helmGlobals: {chartHome: x}', /charts are not rendered/],
    ['secretGenerator: [{name: x, literals: [a=b]}]', /secret store/],
    ['somethingNew: [x]', /does not know this field/],
  ])('is refused for %s', async (yaml, why) => {
    await expect(
      render(withField(yaml, { 'deploy/overlays/staging/evil.yaml': exec })),
    ).rejects.toThrow(why);
  });

  it('is told everything that is wrong at once, however deep', async () => {
    const error = await render(
      withField('helmCharts: []\nresources2: []', {
        'deploy/base/kustomization.yaml':
          'resources: [https://a/b, nothing.yaml]\ngenerators: [x]',
      }),
    ).catch(e => e);
    expect(error.message).toMatch(/helmCharts/);
    expect(error.message).toMatch(/resources2/);
    const base = await render(
      serviceFiles({
        'deploy/base/kustomization.yaml':
          'resources: [https://a/b, nothing.yaml]',
      }),
    ).catch(e => e);
    expect(base.message).toMatch(/https:\/\/a\/b/);
    expect(base.message).toMatch(/nothing\.yaml/);
  });
});

describe('a repository that is too much', () => {
  const laughs = [
    'a: &a [x, x, x, x, x, x, x, x, x, x]',
    ...'bcdefghi'
      .split('')
      .map(
        (name, at) =>
          `${name}: &${name} [${Array(10)
            .fill(`*${'abcdefgh'[at]}`)
            .join(', ')}]`,
      ),
  ].join('\n');

  it.each([
    [
      'a resource',
      withResource('bomb.yaml', {
        'deploy/overlays/staging/bomb.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n${laughs}`,
      }),
    ],
    [
      'a patch',
      withField('patches: [{path: bomb.yaml, target: {kind: Deployment}}]', {
        'deploy/overlays/staging/bomb.yaml': laughs,
      }),
    ],
    ['the kustomization itself', withField(laughs)],
  ])(
    'by a billion laughs in %s is refused before kustomize sees them',
    async (_, files) => {
      const since = performance.now();
      await expect(render(files)).rejects.toThrow(
        /aliases \(\*\) stand for more/,
      );
      expect(performance.now() - since).toBeLessThan(10_000);
    },
  );

  it('by what kustomize makes of it is ended before it fills the memory', async () => {
    await expect(
      kustomize(await findKubectl(undefined), {
        overlay: 'a',
        files: [
          {
            path: 'a/kustomization.yaml',
            content: Buffer.from('resources: [bomb.yaml]'),
          },
          {
            path: 'a/bomb.yaml',
            content: Buffer.from(
              `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n${laughs}`,
            ),
          },
        ],
      }),
    ).rejects.toThrow(/more memory than rendering may|within 15 s/);
  });

  it('by nesting is refused', async () => {
    await expect(
      render(withField(`labels: ${'['.repeat(60_000)}`)),
    ).rejects.toThrow(/nested deeper|no YAML/);
    await expect(
      render(withField(`labels: ${'x'.repeat(100_000)}`)),
    ).rejects.toThrow(/larger than 65536 bytes/);
  });

  it('by a file of 200 MB is refused where it is named, and of no concern elsewhere', async () => {
    const { repository, commit } = await repositoryWith(
      withResource('big.yaml', {
        'deploy/overlays/staging/big.yaml': 'x'.repeat(200 * 1024 * 1024),
      }),
    );
    const options = { repository, commit, tier: 'staging' };
    const since = performance.now();
    await expect(
      (await source()).render({ ...options, environment: 'staging' }),
    ).rejects.toThrow(/big\.yaml is larger than 1048576 bytes/);
    expect(performance.now() - since).toBeLessThan(10_000);
  });

  it('by bases that multiply is refused', async () => {
    const doubling = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [
        `deploy/overlays/l${at}/kustomization.yaml`,
        `resources: [../l${at + 1}, ../l${at + 1}]`,
      ]),
    );
    await expect(
      render(
        withResource('../l0', {
          ...doubling,
          'deploy/overlays/l12/kustomization.yaml': 'resources: []',
        }),
      ),
    ).rejects.toThrow(/more than 100 kustomizations/);
    await expect(render(withResource('../staging'))).rejects.toThrow(
      /none includes itself/,
    );
  });

  it('with a key that is there twice is refused', async () => {
    await expect(
      render(withField('namespace: a\nnamespace: b')),
    ).rejects.toThrow(/"namespace" is there twice/);
  });

  it('gets what kustomize says of a mistake, without the paths of this machine', async () => {
    const error = await render(
      withField('patches: [{path: patch.yaml, target: {kind: Deployment}}]', {
        'deploy/overlays/staging/patch.yaml':
          '- {op: replace, path: /spec/nope/deep, value: 1}',
      }),
    ).catch(e => e);
    expect(error).toMatchObject({ name: 'InputError' });
    expect(error.message).toMatch(/kubectl kustomize cannot render/);
    expect(error.message).not.toContain('/tmp');
  });
});
