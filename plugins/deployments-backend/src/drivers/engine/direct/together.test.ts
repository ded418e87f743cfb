import { Observation } from '@highroad/plugin-deployments-node';
import { together } from './together';

function seen(
  verdict: Observation['verdict'],
  summary: string,
  more: Partial<Observation> = {},
): Observation {
  return {
    ...{ verdict, summary, evidence: [] },
    progress: { wanted: 1, updated: 1, ready: 0, paused: false },
    pods: { hashes: [], restarts: 0 },
    ...more,
  };
}

describe('several workloads that fail', () => {
  const homeless = seen('failed', 'No node takes the pods', {
    lacksNode: true,
  });
  const broken = seen('failed', 'The image cannot be pulled');

  it('say what the version is to blame for, whichever comes first', () => {
    for (const all of [
      [homeless, broken],
      [broken, homeless],
    ]) {
      expect(together(all)).toMatchObject({
        ...{ summary: broken.summary, lacksNode: false },
        progress: { wanted: 2 },
      });
    }
  });

  it('want for a node where each of them does', () => {
    const well = seen('ready', '1 of 1 pods are ready');
    expect(together([well, homeless, homeless])).toMatchObject({
      ...{ summary: homeless.summary, lacksNode: true },
    });
  });
});
