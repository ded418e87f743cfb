import { answeringPortal } from '../../__testUtils__/answeringPortal';

describe('platform audit search', () => {
  it('asks for what was done to one secret of a service', async () => {
    const portal = await answeringPortal();
    try {
      portal.answers.push({ body: { items: [] } });
      const { code, stdout } = await portal.platform(
        ...['audit', 'search', 'cart', '--key', 'API_KEY', '--env', 'staging'],
      );
      expect([code, stdout]).toEqual([
        0,
        expect.stringContaining('Nothing that you may see fits.'),
      ]);
      const [{ what }] = portal.asked;
      const { searchParams } = new URL(what.split(' ')[1], 'http://portal');
      expect(Object.fromEntries(searchParams)).toMatchObject({
        ...{ service: 'component:default/cart', key: 'API_KEY' },
        environment: 'staging',
      });
    } finally {
      await portal.close();
    }
  });
});
