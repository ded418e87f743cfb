import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { MachineAccess } from '@highroad/plugin-platform-node';
import { MachineAuth } from './MachineAuth';

const authOf = (mayStandIn: boolean) =>
  new MachineAuth({
    inner: mockServices.auth({ pluginId: 'catalog' }),
    machines: MachineAccess.fromConfig(
      mockServices.rootConfig({
        data: {
          platform: {
            access: {
              machines: ['ci-cart', 'external:test-service'].map(subject => ({
                ...{ subject, services: ['*'] },
              })),
            },
          },
        },
      }),
    ),
    mayStandIn,
  });
const ask = async (auth: MachineAuth, token: string) =>
  auth.getPluginRequestToken({
    onBehalfOf: await auth.authenticate(token),
    targetPluginId: 'scaffolder',
  });

describe('MachineAuth', () => {
  it('hands a machine’s own token on, so that it is no plugin anywhere', async () => {
    const token = mockCredentials.service.token();
    expect(await ask(authOf(false), token)).toEqual({ token });
  });

  it('says to one that nobody named where to name it', async () => {
    await expect(
      authOf(true).getPluginRequestToken({
        onBehalfOf: mockCredentials.service('stranger'),
        targetPluginId: 'catalog',
      }),
    ).rejects.toThrow(
      'This token (stranger) is not named under platform.access.machines',
    );
  });

  it('leaves plugins and people to Backstage', async () => {
    const auth = authOf(false);
    const plugin = await auth.getPluginRequestToken({
      onBehalfOf: await auth.getOwnServiceCredentials(),
      targetPluginId: 'scaffolder',
    });
    expect(plugin.token).toMatch(/^mock-service-token:/);
    const person = mockCredentials.user.token();
    expect((await ask(auth, person)).token).not.toBe(person);
  });

  it('goes on in the plugin’s name only where work outlives its request', async () => {
    const kept = JSON.parse(JSON.stringify(mockCredentials.service('ci-cart')));
    const options = { onBehalfOf: kept, targetPluginId: 'catalog' };
    await expect(authOf(false).getPluginRequestToken(options)).rejects.toThrow(
      'This token (ci-cart) cannot be handed on to catalog.',
    );
    expect((await authOf(true).getPluginRequestToken(options)).token).toMatch(
      /^mock-service-token:/,
    );
  });
});
