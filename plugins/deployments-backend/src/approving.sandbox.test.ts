import { mockCredentials } from '@backstage/backend-test-utils';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { OutsideWorld } from './__testUtils__/OutsideWorld';
import { Place } from './__testUtils__/Place';
import { PortalProcess } from './__testUtils__/PortalProcess';
import { until } from './__testUtils__/until';

jest.setTimeout(180_000);

const ANNA = 'user:default/anna';
const BERT = 'user:default/bert';

describeWithSandbox(
  'a deployment that waits for a second person',
  ['cluster', 'registry'],
  sandbox => {
    let world: OutsideWorld;
    let place: Place;
    let portal: PortalProcess;

    beforeAll(async () => {
      world = await OutsideWorld.create(sandbox, {
        good: { changed: 'no' },
        better: { changed: 'yes' },
      });
      place = await world.newPlace({ environment: { approval: true } });
      portal = await place.start();
    });
    afterAll(async () => {
      await portal?.stop();
      await world?.end();
    });

    /** Asks as somebody, as the command does. */
    const as = async (who: string, path: string, body?: object) => {
      const response = await fetch(`${portal.address('deployments')}/${path}`, {
        method: body ? 'POST' : 'GET',
        headers: {
          authorization: mockCredentials.user.header(who),
          'content-type': 'application/json',
        },
        body: body && JSON.stringify(body),
      });
      const answer = await response.json();
      return { status: response.status, answer };
    };
    /** Anna asks for it, and it is checked. */
    const waiting = async (version: string): Promise<string> => {
      const { answer } = await as(ANNA, 'deployments', {
        ...{ service: 'component:default/cart', version },
        environment: place.environment,
      });
      const { id } = answer.deployment;
      await until(async () => {
        const { state, summary } = (await as(ANNA, `deployments/${id}`)).answer
          .deployment;
        if (['failed', 'succeeded'].includes(state)) throw new Error(summary);
        return state === 'waiting-for-approval';
      });
      return id;
    };
    const found = async (id: string) =>
      (await as(ANNA, `deployments/${id}`)).answer.deployment;

    it('writes nothing before, is not approved by who asked for it, and goes on to its end once another does', async () => {
      const id = await waiting('good');
      const there = await place
        .kubectl(['get', 'namespace', place.namespace, '-o', 'name'])
        .catch(() => 'none');
      expect(there).toBe('none');

      const own = await as(ANNA, `deployments/${id}/approve`, {});
      expect(own.status).toBe(409);
      expect(own.answer.error.message).toMatch(/You asked for it yourself/);
      expect(await found(id)).toMatchObject({ state: 'waiting-for-approval' });

      const approved = await as(BERT, `deployments/${id}/approve`, {
        reason: 'the tests are green',
      });
      expect(approved.status).toBe(200);
      await portal.settle();
      expect(await found(id)).toMatchObject({
        ...{ state: 'succeeded', requestedBy: ANNA, approvedBy: BERT },
      });
      const again = await as(BERT, `deployments/${id}/approve`, {});
      expect(again.status).toBe(409);
      expect(again.answer.error.message).toMatch(/does not wait for an appr/);
    });

    it('still waits after another start of the backend, and goes on when it is approved then', async () => {
      const id = await waiting('better');
      await portal.stop();
      await place.letLeasesEnd();
      portal = await place.start();
      expect(await found(id)).toMatchObject({ state: 'waiting-for-approval' });
      await as(BERT, `deployments/${id}/approve`, {});
      await portal.settle();
      expect(await found(id)).toMatchObject({
        ...{ state: 'succeeded', approvedBy: BERT },
      });
    });
  },
);
