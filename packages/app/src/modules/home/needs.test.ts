import { ScaffolderTask } from '@backstage/plugin-scaffolder-react';
import { catalogFindings, catalogPath, failedCreations } from './needs';

const now = new Date('2026-02-10T12:00:00Z');
const task = (
  status: ScaffolderTask['status'],
  createdAt: string,
  name = `${status}-service`,
): ScaffolderTask => ({
  id: `${status}-${createdAt}`,
  status,
  createdAt,
  lastHeartbeatAt: createdAt,
  spec: {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    parameters: { name },
    steps: [],
    output: {},
  },
});

describe('failedCreations', () => {
  it('lists failures of the last week, and nothing that went well or is long past', () => {
    const needs = failedCreations(
      [
        task('failed', '2026-02-10T11:00:00Z'),
        task('completed', '2026-02-10T11:00:00Z'),
        task('failed', '2026-02-01T11:00:00Z'),
      ],
      now,
    );
    expect(needs).toEqual([
      expect.objectContaining({
        title: 'failed-service',
        action: {
          label: 'See why',
          to: '/create/tasks/failed-2026-02-10T11:00:00Z',
        },
      }),
    ]);
  });
});

describe('failedCreations of one name', () => {
  const early = '2026-02-10T10:00:00Z';
  const late = '2026-02-10T11:00:00Z';

  it('forgets a failure that a later try has made good', () => {
    const tasks = [
      task('completed', late, 'cart'),
      task('failed', early, 'cart'),
    ];
    expect(failedCreations(tasks, now)).toEqual([]);
  });

  it('keeps a failure that came after a success, and lists the newest only', () => {
    const tasks = [
      task('completed', '2026-02-10T09:00:00Z', 'cart'),
      task('failed', late, 'cart'),
      task('failed', early, 'cart'),
    ];
    expect(failedCreations(tasks, now).map(need => need.since)).toEqual([late]);
  });
});

describe('catalogFindings', () => {
  const finding = (message: string) => ({
    rule: 'r',
    level: 'warning' as const,
    file: 'f',
    field: 'x',
    found: 'y',
    message,
    fix: 'z',
  });

  it('has one line for each thing, with the first problem and how many more there are', () => {
    const needs = catalogFindings({
      owners: [
        {
          owner: 'group:default/payments-team',
          ownerExists: true,
          entities: [
            {
              ref: 'component:default/payment-service',
              title: 'Payment service',
              kind: 'component',
              findings: [finding('One.'), finding('Two.'), finding('Three.')],
            },
          ],
        },
      ],
      total: 1,
      truncated: false,
      checkedAt: '2026-02-10T12:00:00Z',
    });
    expect(needs).toEqual([
      {
        key: 'findings:component:default/payment-service',
        title: 'Payment service',
        why: 'One. And 2 more.',
        action: {
          label: 'See the fix',
          to: '/catalog/default/component/payment-service',
        },
      },
    ]);
  });
});

describe('catalogPath', () => {
  it('leads to the page of a thing', () => {
    expect(catalogPath('component:shop/cart')).toBe(
      '/catalog/shop/component/cart',
    );
  });
});
