import { deployment, VERSION_OF_COMMIT } from '../__testUtils__/deployments';
import { durationText } from './duration';
import { serviceName, shortDigest, shortVersion } from './short';
import { titleOf, verdict } from './verdict';

describe('what is said', () => {
  it.each([
    [400, 'under 1 s'],
    [34_000, '34 s'],
    [125_000, '2 min 5 s'],
    [3_600_000, '1 h'],
    [90_061_000, '1 d 1 h'],
  ])('a duration of %d ms is "%s"', (milliseconds, words) => {
    expect(durationText(milliseconds)).toBe(words);
  });

  it.each([
    ['1.4.2', '1.4.2'],
    [VERSION_OF_COMMIT, '94c19f5'],
    ['feature-with-a-very-long-name', 'feature-with-a-very…'],
  ])('the version %s is "%s" in a table', (version, words) => {
    expect(shortVersion(version)).toBe(words);
  });

  it('a digest keeps its kind and enough to be told apart', () => {
    expect(shortDigest(`sha256:${'ab'.repeat(32)}`)).toBe(
      'sha256:abababababab',
    );
    expect(shortDigest('ab'.repeat(32))).toBe('abababababab');
    expect(shortDigest('odd')).toBe('odd');
  });

  it('a service goes by its name, and by its namespace where that is not the usual one', () => {
    expect(serviceName('component:default/cart')).toBe('cart');
    expect(serviceName('component:shop/cart')).toBe('shop/cart');
  });

  it('a verdict begins with what counts', () => {
    expect(verdict(deployment())).toBe('1.4.2 runs in staging');
    expect(
      verdict(
        deployment({
          state: 'failed',
          summary: 'The image cannot be pulled. 1.4.1 is put back.',
        }),
      ),
    ).toBe('Failed: The image cannot be pulled. 1.4.1 is put back.');
    expect(
      verdict(
        deployment({
          version: VERSION_OF_COMMIT,
          summary: `${VERSION_OF_COMMIT} runs, not sha256:${'ab'.repeat(32)}`,
        }),
      ),
    ).toBe('94c19f5 runs, not sha256:abababababab');
  });

  it('a rollback is told from a deployment', () => {
    expect(titleOf(deployment())).toBe('1.4.2 to staging');
    expect(titleOf(deployment({ kind: 'rollback', version: '1.4.1' }))).toBe(
      'back to 1.4.1 in staging',
    );
  });
});
