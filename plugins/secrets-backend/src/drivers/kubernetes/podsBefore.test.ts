import { podsBefore } from './podsBefore';

const since = new Date('2026-11-30T12:00:00Z');
const [BEFORE, SAME, AFTER] = [
  '2026-11-30T11:59:58Z',
  '2026-11-30T12:00:00Z',
  '2026-11-30T12:00:06Z',
];
const pod = (
  name: string,
  createdAt: string,
  more: { owner?: string; key?: string; phase?: string; ending?: boolean } = {},
) => ({
  metadata: {
    ...{ name, creationTimestamp: createdAt },
    ...(more.ending && { deletionTimestamp: AFTER }),
    ownerReferences: [{ kind: more.owner ?? 'ReplicaSet', controller: true }],
  },
  spec: {
    containers: [
      {
        env: [
          {
            valueFrom: { secretKeyRef: { name: 'cart', key: more.key ?? 'A' } },
          },
        ],
      },
    ],
  },
  status: { phase: more.phase ?? 'Running' },
});
const before = (...pods: object[]) =>
  podsBefore(pods, { secret: 'cart', keys: ['A'], since });

describe('pods have what a key was before', () => {
  it('where they were made before it became another, also while they end', () => {
    expect(
      before(
        pod('old', BEFORE),
        pod('ending', BEFORE, { ending: true }),
        pod('restarted', SAME),
        pod('new', AFTER),
      ),
    ).toEqual(['ending', 'old']);
  });

  it('where nobody replaces them and they were made in the same moment', () => {
    expect(
      before(
        pod('job', SAME, { owner: 'Job' }),
        {
          ...pod('bare', SAME),
          metadata: { name: 'bare', creationTimestamp: SAME },
        },
        pod('later-job', AFTER, { owner: 'Job' }),
      ),
    ).toEqual(['bare', 'job']);
  });

  it('not where they have ended, or do not read it', () => {
    expect(
      before(
        pod('done', BEFORE, { owner: 'Job', phase: 'Succeeded' }),
        pod('failed', BEFORE, { phase: 'Failed' }),
        pod('other', BEFORE, { key: 'B' }),
      ),
    ).toEqual([]);
  });

  it('whenever they were made, where what is there now is an earlier value', () => {
    const pods = [pod('new', AFTER), pod('other', AFTER, { key: 'B' })];
    expect(podsBefore(pods, { secret: 'cart', keys: ['A'] })).toEqual(['new']);
  });

  it('of any of several keys, and each once', () => {
    const pods = [
      pod('b', BEFORE, { key: 'B' }),
      pod('a', BEFORE),
      pod('c', BEFORE, { key: 'C' }),
    ];
    expect(podsBefore(pods, { secret: 'cart', keys: ['A', 'B'] })).toEqual([
      ...['a', 'b'],
    ]);
  });
});
