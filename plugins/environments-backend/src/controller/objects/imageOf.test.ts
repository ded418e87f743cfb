import { imageOf } from './imageOf';

const allowed = (images: string[], image: string) =>
  imageOf(image, { name: 'demo', settings: { images, registry: 'reg.corp' } })
    .ok;

describe('images that environments may take', () => {
  it.each([
    ['reg.corp', 'reg.corp/team/api:1'],
    ['reg.corp', 'team/api:1'],
    ['reg.corp/team/api', 'reg.corp/team/api'],
    ['reg.corp/team/api', 'reg.corp/team/api:1'],
    ['reg.corp/team/api', 'reg.corp/team/api@sha256:0a'],
    ['reg.corp/', 'reg.corp/api'],
    ['reg.corp:5000', 'reg.corp:5000/api'],
    ['reg.corp/team/api:', 'reg.corp/team/api:1'],
    ['reg.corp/team/api@', 'reg.corp/team/api@sha256:0a'],
  ])('by %s have %s', (prefix, image) => {
    expect(allowed([prefix], image)).toBe(true);
  });

  it.each([
    ['reg.corp', 'reg.corp.evil.com/x'],
    ['reg.corp', 'reg.corporate/x.y'],
    ['reg.corp', 'regxcorp.com/x'],
    ['reg.corp', 'reg.corp:5000/x'],
    ['reg.corp', 'reg.corp@evil.com/x'],
    ['reg.corp/team', 'reg.corp/team-b/x'],
    ['reg.corp/team', 'team-b/x'],
    ['reg.corp/team/', 'reg.corp/team'],
  ])('by %s do not have %s', (prefix, image) => {
    expect(allowed([prefix], image)).toBe(false);
  });

  it.each([
    [false, 'reg.corp/team/api:1', true],
    [true, 'reg.corp/previews/api:1', true],
    [true, 'previews/api:1', true],
    [true, 'reg.corp/team/api:1', false],
    [true, 'elsewhere.test/previews/api:1', false],
  ])(
    'are those for forks where one comes from one (%s): %s is taken: %s',
    (fork, image, taken) => {
      const found = imageOf(image, {
        name: 'demo',
        pullRequest: {
          ...{ number: 12, branch: 'feature', commit: 'c'.repeat(40), fork },
        },
        settings: {
          images: ['reg.corp'],
          forkImages: ['reg.corp/previews/'],
          registry: 'reg.corp',
        },
      });
      expect(found.ok).toBe(taken);
    },
  );
});
