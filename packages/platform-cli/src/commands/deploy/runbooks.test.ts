import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Answer, answeringPortal } from '../../__testUtils__/answeringPortal';
import { deploymentCommands } from '../deployment';
import { deviationCommands } from '../deviation';
import { deployCommands } from './index';

const PAGE = 'deployment-failed';
const refused = (status: number, name: string, message: string): Answer => ({
  status,
  body: { error: { name, message }, response: { statusCode: status } },
});

describe('an error of deployments at the command line', () => {
  let portal: Awaited<ReturnType<typeof answeringPortal>>;
  beforeEach(async () => {
    portal = await answeringPortal();
    portal.routes.set('/catalog/', {
      body: {
        ...{ apiVersion: 'backstage.io/v1alpha1', kind: 'Component' },
        metadata: { name: 'cart', namespace: 'default' },
      },
    });
  });
  afterEach(() => portal.close());

  it('leads to the page about them, whichever command it is', async () => {
    const all = [
      ...deployCommands,
      ...deploymentCommands,
      ...deviationCommands,
    ];
    expect(all.filter(({ runbook }) => runbook !== PAGE)).toEqual([]);
    await access(
      resolve(__dirname, '../../../../../docs/runbooks', `${PAGE}.md`),
    );
  });

  it.each([
    ['one is under way', 409, 'ConflictError', PAGE],
    ['it is refused', 400, 'InputError', PAGE],
    ['there is none', 404, 'NotFoundError', PAGE],
    ['nobody is known', 401, 'AuthenticationError', 'platform-not-signed-in'],
    [
      'it cannot be',
      503,
      'ServiceUnavailableError',
      'platform-does-not-answer',
    ],
  ])('leads where it helps when %s', async (_, status, name, page) => {
    portal.routes.set('/deployments/', refused(status, name, 'It is so.'));
    for (const argv of [
      ['rollback', 'cart', '--env', 'staging'],
      ['deployment', 'list'],
      ['deviation', 'list'],
    ]) {
      const { code, stderr } = await portal.platform(...argv);
      expect([argv, code === 0]).toEqual([argv, false]);
      expect([argv, stderr]).toEqual([
        argv,
        expect.stringContaining(`Runbook: docs/runbooks/${page}.md`),
      ]);
    }
  });
});
