import { environmentSpecSchema } from '@highroad/plugin-environments-common';
import { parsePreviewSettings } from '../../service/PreviewSettings';
import { imagePullOf } from './imagePullOf';

const spec = (fork: boolean) =>
  environmentSpecSchema.parse({
    type: 'preview',
    services: [{ name: 'api', image: 'myorg/api:1' }],
    pullRequest: {
      ...{ host: 'git.test', repository: 'acme/cart', number: 12, fork },
      ...{ branch: 'feature', commit: 'c'.repeat(40) },
    },
  });
const pull = (fork: boolean, settings: object) =>
  imagePullOf({ spec: spec(fork), settings: parsePreviewSettings(settings) });
const withSecret = {
  pod: { imagePullSecrets: [{ name: 'registry' }] },
  container: {},
};

describe('how images are fetched', () => {
  it('is with the credentials of the registry, where there are any', () => {
    expect(pull(false, { imagePullSecret: 'registry' })).toEqual(withSecret);
    expect(pull(false, {})).toEqual({ pod: {}, container: {} });
  });

  it('is without them in pull requests from forks, and none is taken that a node has already', () => {
    for (const settings of [{ imagePullSecret: 'registry' }, {}]) {
      expect(pull(true, settings)).toEqual({
        pod: {},
        container: { imagePullPolicy: 'Always' },
      });
    }
  });

  it('is with them in those too where it is said what they may have', () => {
    const forkImages = ['registry.test/previews/'];
    expect(pull(true, { imagePullSecret: 'registry', forkImages })).toEqual(
      withSecret,
    );
  });
});
