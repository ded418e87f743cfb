import { ConfigReader } from '@backstage/config';
import { readCanaryRouter } from './canaryRouter';

const read = (create: { canaryRouter?: string }) =>
  readCanaryRouter(new ConfigReader({ platform: { create } }));

describe('what splits the traffic of canaries', () => {
  it('is nothing where nobody says', () => {
    expect(read({})).toBe('none');
  });

  it('is the ingress that is named', () => {
    expect(read({ canaryRouter: 'nginx' })).toBe('nginx');
  });

  it('is refused with its key where the templates do not know it', () => {
    expect(() => read({ canaryRouter: 'traefik' })).toThrow(
      /platform\.create\.canaryRouter: .*"traefik"/,
    );
  });
});
