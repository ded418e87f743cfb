import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { ScmIntegrations } from '@backstage/integration';
import { pathToFileURL } from 'node:url';
import { runAction } from '../__testUtils__/runAction';
import { createLayersAction } from './layers';

describe('platform:template:layers', () => {
  const mock = createMockDirectory({
    content: {
      'template.yaml': '',
      skeleton: {
        base: {},
        languages: {
          go: { 'layer.yaml': 'title: Go\n', api: {} },
          bad: { 'layer.yaml': '- not a map\n', api: {} },
        },
        databases: {},
        delivery: { rolling: {} },
      },
    },
  });

  const layers = (input: { language?: string }) =>
    runAction(
      createLayersAction({
        reader: mockServices.urlReader.mock(),
        integrations: ScmIntegrations.fromConfig(mockServices.rootConfig()),
      }),
      {
        url: './skeleton',
        type: 'api',
        language: 'go',
        database: 'none',
        delivery: 'rolling',
        ...input,
      },
      {
        templateInfo: {
          entityRef: 'template:default/service',
          baseUrl: pathToFileURL(mock.resolve('template.yaml')).href,
        },
      },
    );

  it('returns the layers with their addresses, and the facts of the language', async () => {
    expect(await layers({})).toEqual({
      layers: [
        { name: 'base', url: './skeleton/base' },
        { name: 'languages/go/api', url: './skeleton/languages/go/api' },
        { name: 'delivery/rolling', url: './skeleton/delivery/rolling' },
      ],
      languageLayer: { title: 'Go' },
      databaseLayer: {},
    });
  });

  it('refuses answers that are no names of folders', async () => {
    await expect(layers({ language: '../../etc' })).rejects.toThrow(
      '"../../etc" is not a language',
    );
  });

  it('says which layer.yaml is wrong', async () => {
    await expect(layers({ language: 'bad' })).rejects.toThrow(
      'languages/bad/layer.yaml must be a map',
    );
  });
});
