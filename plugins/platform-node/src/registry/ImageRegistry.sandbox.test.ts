import { mockServices } from '@backstage/backend-test-utils';
import {
  describeWithSandbox,
  pushImage,
  pushIndex,
} from '@highroad/sandbox/testing';
import { ImageRegistry } from './ImageRegistry';
import { RegistrySettings } from './RegistrySettings';

const registryFor = (data: object = {}) =>
  new ImageRegistry({
    settings: RegistrySettings.fromConfig(mockServices.rootConfig({ data })),
  });

describeWithSandbox('a real registry', ['registry'], sandbox => {
  let address: string;
  let prefix: string;
  let path: string;
  const revision = '0123456789abcdef0123456789abcdef01234567';

  beforeAll(async () => {
    ({ address, prefix } = await sandbox.registry());
    path = `${prefix.slice(prefix.indexOf('/') + 1)}/cart`;
  });

  it('says what a tag means: digest, labels, commit, time', async () => {
    const pushed = await pushImage(address, path, {
      references: ['1.2.3'],
      created: '2026-03-04T05:06:07Z',
      labels: { 'org.opencontainers.image.revision': revision, team: 'a' },
    });
    const image = await registryFor().resolve(`${prefix}/cart:1.2.3`);
    expect(image).toEqual({
      registry: prefix.split('/')[0],
      repository: path,
      digest: pushed.digest,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      platforms: ['linux/amd64'],
      labels: { 'org.opencontainers.image.revision': revision, team: 'a' },
      createdAt: '2026-03-04T05:06:07Z',
      revision,
    });
  });

  it('is asked for a digest, which is then the one it is', async () => {
    const { digest } = await pushImage(address, path, { labels: { a: 'b' } });
    const image = await registryFor().resolve(`${prefix}/cart@${digest}`);
    expect(image).toMatchObject({ digest, labels: { a: 'b' } });
  });

  it('pins the index of an image for several machines', async () => {
    const labels = { 'org.opencontainers.image.revision': revision };
    const [amd, arm] = [
      await pushImage(address, path, { labels, architecture: 'amd64' }),
      await pushImage(address, path, { labels, architecture: 'arm64' }),
    ];
    const { digest } = await pushIndex(address, path, 'multi', [
      {
        ...arm,
        platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
      },
      { ...amd, platform: { os: 'linux', architecture: 'amd64' } },
      { ...amd, platform: { os: 'unknown', architecture: 'unknown' } },
    ]);
    expect(await registryFor().resolve(`${prefix}/cart:multi`)).toMatchObject({
      digest,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      platforms: ['linux/arm64/v8', 'linux/amd64'],
      revision,
    });
  });

  it('names near tags of the one that is missing', async () => {
    await pushImage(address, path, { references: ['2.0.0', 'main'] });
    await expect(
      registryFor().resolve(`${prefix}/cart:2.0.1`),
    ).rejects.toMatchObject({
      name: 'NotFoundError',
      reason: 'not-found',
      nearTags: expect.arrayContaining(['2.0.0']),
      message: expect.stringMatching(/no tag "2.0.1"\. Near it are: 2\.0\.0/),
    });
  });

  it('says that it has no image of that name at all', async () => {
    await expect(
      registryFor().resolve(`${prefix}/nothing:1`),
    ).rejects.toMatchObject({
      reason: 'not-found',
      message: expect.stringMatching(/has none called .*nothing/),
    });
  });

  it('refuses a missing image well within half a second', async () => {
    const took: number[] = [];
    for (let n = 0; n < 20; n++) {
      const since = performance.now();
      await expect(
        registryFor().resolve(`${prefix}/cart:missing-${n}`),
      ).rejects.toMatchObject({ reason: 'not-found' });
      took.push(performance.now() - since);
    }
    took.sort((a, b) => a - b);
    const p95 = took[18];
    // eslint-disable-next-line no-console
    console.info(
      `missing image refused: median ${took[10].toFixed(
        1,
      )} ms, p95 ${p95.toFixed(1)} ms`,
    );
    expect(p95).toBeLessThan(500);
  });

  it('lists tags newest first, by when they were built', async () => {
    const many = `${prefix.slice(prefix.indexOf('/') + 1)}/many`;
    for (const [tag, day] of [
      ['0.9.0', '05'],
      ['1.0.0', '01'],
      ['1.1.0', '02'],
      ['1.10.0', '04'],
    ]) {
      await pushImage(address, many, {
        references: [tag],
        created: `2026-01-${day}T00:00:00Z`,
        labels: { 'org.opencontainers.image.revision': `commit-${tag}` },
      });
    }
    const { items, more } = await registryFor().listTags(`${prefix}/many`);
    expect(more).toBe(false);
    expect(items.map(({ tag }) => tag)).toEqual([
      '0.9.0',
      '1.10.0',
      '1.1.0',
      '1.0.0',
    ]);
    expect(items[0]).toMatchObject({
      createdAt: '2026-01-05T00:00:00Z',
      revision: 'commit-0.9.0',
      digest: expect.stringMatching(/^sha256:/),
    });
    const two = await registryFor().listTags(`${prefix}/many`, { limit: 2 });
    expect(two.more).toBe(true);
    expect(two.items.map(({ tag }) => tag)).toEqual(['1.10.0', '1.1.0']);
  });
});
