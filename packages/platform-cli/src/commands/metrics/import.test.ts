import { metricEventSchema } from '@highroad/plugin-metrics-common';
import { Batches } from './Batches';
import { csvEvents } from './csvEvents';
import { csvRows } from './csvRows';

const CART = 'component:default/cart';

describe('csvRows', () => {
  it('reads quotes, commas and lines within cells', () => {
    expect(csvRows('a,b\r\n"x, ""y""","two\nlines"\n\nlast,1')).toEqual([
      { a: 'x, "y"', b: 'two\nlines' },
      { a: 'last', b: '1' },
    ]);
  });

  it('says which row is cut off', () => {
    expect(() => csvRows('a,b\n1')).toThrow('Row 2 has 1 cells');
    expect(() => csvRows('a,b\n"1')).toThrow('A quote is not closed');
    expect(() => csvRows('')).toThrow('The table is empty');
  });
});

describe('csvEvents', () => {
  const read = (text: string, service?: string) =>
    csvEvents(text, { service }).map(one => metricEventSchema.parse(one.event));

  it('makes deployments, incidents and tickets of the tables that have these columns', () => {
    expect(
      read(
        `service,deployment,finished_at,outcome,version\n${CART},d1,2026-06-01T12:00:00Z,failed,1.0`,
      ),
    ).toMatchObject([
      {
        data: {
          deployment: 'd1',
          outcome: 'failed',
          environment: 'production',
        },
      },
    ]);
    expect(
      read(
        'incident,detected_at,resolved_at,deployment_id\ni1,2026-06-01T12:00:00Z,2026-06-01T13:00:00Z,d1\ni2,2026-06-02T12:00:00Z,,',
        CART,
      ).map(one => [one.type, one.id]),
    ).toEqual([
      [
        'dev.cdevents.incident.detected.0.2.0',
        `${CART} production i1 detected`,
      ],
      [
        'dev.cdevents.incident.resolved.0.2.0',
        `${CART} production i1 resolved`,
      ],
      [
        'dev.cdevents.incident.detected.0.2.0',
        `${CART} production i2 detected`,
      ],
    ]);
    expect(
      read('ticket,created_at\nT-1,2026-06-01T12:00:00Z', CART),
    ).toMatchObject([{ data: { ticket: 'T-1', kind: 'ops' } }]);
  });

  it('says what a deployment repairs, and that it was not planned', () => {
    const made = read(
      [
        'deployment,finished_at,fixes,unplanned',
        'd2,2026-06-01T12:00:00Z,d1 d0,yes',
        'd3,2026-06-01T13:00:00Z,,no',
        'd4,2026-06-01T14:00:00Z,,',
      ].join('\n'),
      CART,
    );
    expect(made).toMatchObject([
      { data: { fixes: ['d1', 'd0'], unplanned: true } },
      { data: { unplanned: false } },
      { data: { deployment: 'd4' } },
    ]);
    expect(made[2].data).not.toHaveProperty('unplanned');
    expect(() =>
      read('deployment,finished_at,unplanned\nd2,2026-06-01T12:00:00Z,x', CART),
    ).toThrow(/unplanned/);
  });

  it('corrects what was told before by a column of its own, and knows of which row each event is', () => {
    const text = [
      'incident,detected_at,resolved_at,title,revision',
      'i1,2026-06-01T12:00:00Z,2026-06-01T13:00:00Z,Odd,',
      'i1,2026-06-01T12:00:00Z,2026-06-01T13:30:00Z,Better,1',
    ].join('\n');
    const made = read(text, CART);
    expect(new Set(made.map(one => one.id)).size).toBe(4);
    expect(made.slice(2)).toMatchObject([
      { data: { revision: 1, title: 'Better' } },
      { data: { revision: 1 }, time: '2026-06-01T13:30:00.000Z' },
    ]);
    expect(csvEvents(text, { service: CART }).map(one => one.row)).toEqual([
      2, 2, 3, 3,
    ]);
    expect(
      read('deployment,finished_at,revision\nd1,2026-06-01T12:00:00Z,2', CART),
    ).toMatchObject([
      { id: `${CART} production d1 revision 2`, data: { revision: 2 } },
    ]);
    expect(() =>
      read('deployment,finished_at,revision\nd1,2026-06-01T12:00:00Z,x', CART),
    ).toThrow(/revision/);
  });

  it('takes the name of a service as everywhere, and says in which row it is none', () => {
    const of = (...names: string[]) =>
      read(
        [
          'service,deployment,finished_at',
          ...names.map((name, at) => `${name},d${at},2026-06-01T12:00:00Z`),
        ].join('\n'),
      ).map(one => one.data.service);
    expect(of('cart', 'component:default/cart', 'api:shop/Cart')).toEqual([
      ...['component:default/cart', 'component:default/cart', 'api:shop/cart'],
    ]);
    expect(() => of('cart', 'component:')).toThrow(
      'Row 3: "component:" is not a name in the catalog.',
    );
  });

  it('is of the environment that is given where a row names none, of production where none is given', () => {
    const text = [
      'deployment,finished_at,environment',
      'd1,2026-06-01T12:00:00Z,',
      'd2,2026-06-01T12:00:00Z,qa',
    ].join('\n');
    const of = (environment?: string) =>
      csvEvents(text, { service: CART, environment }).map(one =>
        metricEventSchema.parse(one.event),
      );
    expect(of('staging')).toMatchObject([
      { id: `${CART} staging d1`, data: { environment: 'staging' } },
      { id: `${CART} qa d2`, data: { environment: 'qa' } },
    ]);
    expect(of()).toMatchObject([
      { data: { environment: 'production' } },
      { data: { environment: 'qa' } },
    ]);
    expect(
      csvEvents('incident,detected_at\ni1,2026-06-01T12:00:00Z', {
        ...{ service: CART, environment: 'staging' },
      }),
    ).toMatchObject([{ event: { data: { environment: 'staging' } } }]);
  });

  it('refuses an environment of tickets, which have none', () => {
    expect(() =>
      csvEvents('ticket,created_at\nT-1,2026-06-01T12:00:00Z', {
        ...{ service: CART, environment: 'staging' },
      }),
    ).toThrow('--env is not for a table with a ticket.');
  });

  it('says of another table what its columns are', () => {
    expect(() => csvEvents('name\nx,')).toThrow(/Row 2/);
    expect(() => csvEvents('name,age\nx,1')).toThrow(
      'It is not known what the table is of.',
    );
  });
});

describe('Batches', () => {
  it('sends an event of CDEvents, which names no service of the catalog, as one about the service that is given', async () => {
    const ingest = jest.fn(async () => ({
      ...{ accepted: 2, duplicates: 0, quarantined: [] },
    }));
    const batches = new Batches({ ingest }, () => {});
    const alone = { context: { type: 'dev.cdevents.service.deployed.0.2.0' } };
    const carried = { specversion: '1.0', data: alone };
    await batches.add(alone, { service: CART });
    await batches.add(carried, { service: CART });
    await batches.add(alone);
    await batches.add({ data: {} }, { service: CART });
    const { unreadable } = await batches.end();
    expect(ingest.mock.calls).toEqual([
      [{ service: CART, events: [alone, carried] }],
    ]);
    expect(unreadable.map(one => one.number)).toEqual([3, 4]);
  });

  it('sends events of one service together, and says which could not be taken by their number', async () => {
    const sent: Array<[string, number]> = [];
    const batches = new Batches(
      {
        ingest: async ({ service, events }) => {
          sent.push([service, events.length]);
          return {
            accepted: events.length - 1,
            duplicates: 0,
            quarantined: [{ index: events.length - 1, reason: 'bad' }],
          };
        },
      },
      () => {},
    );
    for (let number = 0; number < 501; number++) {
      await batches.add({ data: { service: CART } });
    }
    await batches.add({ data: { service: 'component:default/stock' } });
    batches.addUnreadable();
    batches.addUnreadable('the line is not JSON');
    await batches.add({});
    await batches.add({}, { number: 7 });
    expect(await batches.end()).toEqual({
      accepted: 499,
      duplicates: 0,
      unreadable: [
        { number: 504, reason: 'the line is not JSON' },
        {
          number: 505,
          reason: expect.stringContaining('which service it is about'),
        },
        { number: 7, reason: expect.anything() },
      ],
      quarantined: [500, 501, 502].map(number => ({ number, reason: 'bad' })),
    });
    expect(sent).toEqual([
      [CART, 500],
      [CART, 1],
      ['component:default/stock', 1],
    ]);
  });
});
