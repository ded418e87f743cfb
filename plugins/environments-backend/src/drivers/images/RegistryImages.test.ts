import { mockServices } from '@backstage/backend-test-utils';
import {
  ImageNotFoundError,
  RegistryUnavailableError,
  ResolvedImage,
} from '@highroad/plugin-platform-node/registry';
import { RegistryImages } from './RegistryImages';

const found: ResolvedImage = {
  ...{ registry: 'reg.test', repository: 'api', digest: 'sha256:0a' },
  ...{ mediaType: 'application/vnd.oci.image.index.v1+json' },
  ...{ platforms: ['linux/amd64'], labels: {} },
};

function images(...answers: (ResolvedImage | Error)[]) {
  const asked: string[] = [];
  const clock = { now: 0 };
  const one = new RegistryImages({
    registry: {
      async resolve(reference) {
        asked.push(reference);
        const answer = answers[Math.min(asked.length, answers.length) - 1];
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    settings: { knows: registry => registry === 'reg.test' },
    logger: mockServices.logger.mock(),
    now: () => clock.now,
  });
  return { one, asked, clock };
}

describe('images in registries', () => {
  it('are looked for again soon after they were missing, and not after they were there', async () => {
    const { one, asked, clock } = images(
      new ImageNotFoundError('none', []),
      found,
    );
    expect(await one.look('reg.test/api:1')).toBe('missing');
    expect(await one.look('reg.test/api:1')).toBe('missing');
    expect(asked).toHaveLength(1);
    clock.now += 3_000;
    expect(await one.look('reg.test/api:1')).toBe('there');
    clock.now += 60_000;
    expect(await one.look('reg.test/api:1')).toBe('there');
    expect(asked).toHaveLength(2);
  });

  it('are asked for soon again by who follows a tag, and by nobody else', async () => {
    const moved = { ...found, digest: 'sha256:0b' };
    const { one, asked, clock } = images(found, moved);
    expect(await one.digestOf('reg.test/api:main')).toBe('sha256:0a');
    clock.now += 10_000;
    expect(await one.digestOf('reg.test/api:main')).toBe('sha256:0a');
    clock.now += 15_000;
    expect(await one.look('reg.test/api:main')).toBe('there');
    expect(asked).toHaveLength(1);
    expect(await one.digestOf('reg.test/api:main')).toBe('sha256:0b');
    expect(await one.digestOf('elsewhere.test/api:main')).toBeUndefined();
  });

  it('are asked for once by all who ask at the same moment', async () => {
    const { one, asked } = images(found);
    await Promise.all([1, 2, 3].map(() => one.look('reg.test/api:1')));
    expect(asked).toEqual(['reg.test/api:1']);
  });

  it.each([
    ['reg.test/api:1', new RegistryUnavailableError('gone'), 1],
    ['elsewhere.test/api:1', found, 0],
    ['NOT AN IMAGE', found, 0],
  ])(
    'are not said to be missing where nobody knows: %s',
    async (image, answer, times) => {
      const { one, asked } = images(answer);
      expect(await one.look(image)).toBe('unknown');
      expect(asked).toHaveLength(times);
    },
  );
});
