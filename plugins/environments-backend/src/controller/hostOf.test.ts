import { parsePreviewSettings } from '../service/PreviewSettings';
import { hostOf } from './hostOf';

const PATTERN = '{service}-{environment}.x.io';

describe('the address of a service', () => {
  it.each([
    [PATTERN, 'api', 'pr-1', 'api-pr-1.x.io'],
    [PATTERN, 'cart-api', 'pr-1', '2-cart-api-pr-1.x.io'],
    ['{environment}-{service}.x.io', 'cart-api', 'a', 'a-cart-api.x.io'],
    ['{environment}-{service}.x.io', 'api', 'pr-1', '2-pr-1-api.x.io'],
    ['{service}.{environment}.x.io', 'cart-api', 'pr-1', 'cart-api.pr-1.x.io'],
  ])('is, by %s, for %s in %s, %s', (pattern, service, slug, host) => {
    expect(hostOf(pattern, service, slug)).toBe(host);
  });

  it.each([PATTERN, 'p-{environment}-{service}.x.io'])(
    'is no other service’s, however the two are called (%s)',
    pattern => {
      const words = ['a', 'b2', '0', '2', '', 'a'.repeat(17)];
      const names = ['a', 'b'].flatMap(one => [
        one,
        ...words.flatMap(two => [
          ...(two ? [`${one}-${two}`] : []),
          ...words.flatMap(three => (three ? [`${one}-${two}-${three}`] : [])),
        ]),
      ]);
      const hosts = names.flatMap(service =>
        names.map(slug => hostOf(pattern, service, slug)),
      );
      // The control: some are too long to be written out.
      expect(hosts.some(host => host.startsWith('0-'))).toBe(true);
      expect(new Set(hosts).size).toBe(hosts.length);
    },
  );

  it('is not taken by choosing the names of another', () => {
    expect(hostOf(PATTERN, 'api', 'pr-12-cart-0abc1234')).not.toBe(
      hostOf(PATTERN, 'api-pr-12', 'cart-0abc1234'),
    );
  });

  it('is a name that DNS takes, and not the one that a shortened one looks like', () => {
    const long = hostOf(PATTERN, 'a'.repeat(40), 'b'.repeat(47));
    const [label] = long.split('.');
    expect(label).toHaveLength(63);
    expect(label).toMatch(/^0-a+-[0-9a-f]{24}$/);
    expect(hostOf(PATTERN, 'a'.repeat(40), `${'b'.repeat(46)}c`)).not.toBe(
      long,
    );
  });

  it.each(['{service}{environment}', '{environment}{service}'])(
    'keeps the two apart: a pattern such as %s is not taken',
    pattern => {
      expect(() =>
        parsePreviewSettings({ url: `https://${pattern}.x.io` }),
      ).toThrow(/must begin with/);
    },
  );
});
