import { environmentStatusSchema } from '@highroad/plugin-environments-common';
import { statusOf } from './statusOf';

const now = new Date('2026-11-30T12:00:00Z');
const findings = {
  ...{ generation: 1, cluster: 'main', namespace: 'env-demo' },
  ...{ databases: [], services: [], warnings: [] },
};
const accepted = (more: object) =>
  statusOf(
    { ...findings, ...more },
    environmentStatusSchema.parse({}),
    now,
  ).conditions.find(({ type }) => type === 'Accepted');

describe('what is told of an environment', () => {
  it('warns of what would be refused of a new one, in the condition that says it is accepted', () => {
    expect(accepted({ warning: 'It goes on as it is.' })).toMatchObject({
      ...{ status: 'True', reason: 'AcceptedBefore' },
      message: 'It goes on as it is.',
    });
    expect(accepted({})).toMatchObject({
      ...{ status: 'True', reason: 'Accepted' },
    });
  });

  it('says of databases that are in the manifest no more that they stay', () => {
    const databases = (leftDatabases: string[]) =>
      statusOf(
        { ...findings, leftDatabases },
        environmentStatusSchema.parse({}),
        now,
      ).conditions.find(({ type }) => type === 'DatabasesReady')?.message;
    expect(databases([])).toBe('It has no database.');
    expect(databases(['search'])).toMatch(
      /^It has no database\. The database search is in the manifest no more; it stays/,
    );
  });

  it('is being brought up to date while a ready one is given a database, and degraded where something is in the way', () => {
    const was = environmentStatusSchema.parse({
      readyAt: '2026-11-30T11:00:00Z',
    });
    const service = { name: 'api', state: 'ready', ready: 1, replicas: 1 };
    const database = { name: 'main', type: 'postgres', driver: 'server' };
    const phase = (state: 'creating' | 'seeding' | 'failed', more = {}) =>
      statusOf(
        {
          ...{
            ...findings,
            ...more,
            services: [{ ...service, state: 'ready' }],
          },
          databases: [{ ...database, state }],
        },
        was,
        now,
      ).phase;
    expect(phase('creating')).toBe('updating');
    expect(phase('seeding')).toBe('updating');
    expect(phase('failed')).toBe('degraded');
    expect(phase('creating', { troubled: true })).toBe('degraded');
  });
});
