import { Deployment } from '@highroad/plugin-deployments-common';
import { RunningService } from '../api';
import { standingState } from './standingState';

const deployment = (state: Deployment['state']) => ({ state } as Deployment);
const service = (more: Partial<RunningService> = {}): RunningService => ({
  ...{ service: 'component:default/cart', environment: 'staging' },
  running: deployment('succeeded'),
  ...more,
});
const drift = (state: 'same' | 'differs' | 'unknown') => ({
  drift: { state, summary: '', at: '', changes: [] },
});

describe('how an environment that stays is doing', () => {
  it.each([
    ['nothing was deployed yet', []],
    ['as deployed', [service(drift('same'))]],
    ['no trouble known', [service(drift('same')), service()]],
    ['no trouble known', [service(drift('unknown'))]],
    [
      '1 being deployed, 1 failed last, 2 not as deployed',
      [
        service({ latest: deployment('applying') }),
        service({ latest: deployment('failed') }),
        service(drift('differs')),
        service(drift('differs')),
      ],
    ],
  ])('is said as "%s"', (words, services) => {
    expect(standingState(services)).toBe(words);
  });
});
