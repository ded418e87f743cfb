import { describeWithSandbox, OwnPrometheus } from '@highroad/sandbox/testing';
import { until } from '../../__testUtils__/until';
import { FiringAlerts } from './FiringAlerts';
import { pushSample } from './__testUtils__/pushSample';

jest.setTimeout(120_000);

const METRIC = 'highroad_test_errors';
const RUNBOOK = 'https://runbooks.example/errors';

describeWithSandbox(
  'alerts of a Prometheus that looks at rules',
  [],
  sandbox => {
    let prometheus: OwnPrometheus;

    beforeAll(async () => {
      const rule = (alert: string, held: string) => ({
        ...{ alert, expr: `${METRIC} > 5`, for: held },
        labels: { severity: 'page' },
        annotations: {
          summary: '{{ $labels.namespace }} has {{ $value }} errors',
          runbook_url: RUNBOOK,
        },
      });
      prometheus = await sandbox.ownPrometheus({
        groups: [
          { name: 'test', rules: [rule('Errors', '0s'), rule('Soon', '1h')] },
        ],
      });
    });

    const push = (namespace: string, value: number) =>
      pushSample(prometheus.address, METRIC, { namespace }, value);

    it('are told while they fire, of the namespace alone, and not once they are over', async () => {
      const alerts = new FiringAlerts({ url: prometheus.address });
      const told = async (namespace: string) => {
        const answer = await alerts.firing(namespace);
        if (!answer.known) throw new Error(answer.why);
        return answer.items;
      };
      expect(await told('cart-staging')).toEqual([]);
      await push('cart-staging', 9);
      await push('stock-staging', 1);
      await until(async () => (await told('cart-staging')).length > 0);
      expect(await told('cart-staging')).toEqual([
        {
          ...{ name: 'Errors', severity: 'page', runbook: RUNBOOK },
          summary: 'cart-staging has 9 errors',
          since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        },
      ]);
      expect(await told('stock-staging')).toEqual([]);
      await push('cart-staging', 0);
      await until(async () => (await told('cart-staging')).length === 0);
    });
  },
);
