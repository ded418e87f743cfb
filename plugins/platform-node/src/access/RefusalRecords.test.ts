import { mockServices } from '@backstage/backend-test-utils';
import { Request } from 'express';
import { RefusalRecords } from './RefusalRecords';

// Only handed on.
const request = {} as Request;
const error = new Error('The signature does not fit.');

describe('what a door refuses to callers who are not known', () => {
  let begun: object[];
  let ended: object[];
  let requests: Array<Request | undefined>;
  let pass: (() => void) | undefined;
  let refusals: RefusalRecords;
  let broken: boolean;
  const logger = mockServices.logger.mock();

  beforeEach(() => {
    [begun, ended, requests] = [[], [], []];
    [pass, broken] = [undefined, false];
    logger.error.mockClear();
    refusals = new RefusalRecords({
      ...{ eventId: 'webhook', logger, most: 3, windowMs: 60_000 },
      after: (_, then) => {
        pass = then;
        return () => {
          pass = undefined;
        };
      },
      auditor: mockServices.auditor.mock({
        createEvent: async ({ meta, request: of }) => {
          if (broken) throw new Error('The disk is full.');
          requests.push(of);
          begun.push(meta ?? {});
          return {
            success: async () => {},
            fail: async params => {
              ended.push({ message: params.error.message, ...params.meta });
            },
          };
        },
      }),
    });
  });

  const knock = (times: number) =>
    Promise.all(
      Array.from({ length: times }, () =>
        refusals.add({ request, error, meta: { host: 'x' } }),
      ),
    );

  it('is recorded one by one up to so many, and those that follow by one record with their count', async () => {
    await knock(500);
    expect(begun).toHaveLength(4);
    expect(ended).toHaveLength(3);
    expect(begun[0]).toEqual({
      host: 'x',
      platform: {
        actor: { kind: 'none', ref: 'nobody' },
        ...{ door: 'webhook', refused: true },
      },
    });
    expect(begun[3]).toMatchObject({
      furtherRefusals: 'more than 3 in 60 s: the rest is only counted',
    });
    pass?.();
    await refusals.flush();
    expect(ended[3]).toEqual({
      message: '497 more were refused.',
      refused: 497,
    });
    expect(ended).toHaveLength(4);
  });

  it('is recorded one by one again when the time is over, and none is left out', async () => {
    for (let minute = 0; minute < 5; minute++) {
      await knock(3 + minute);
      pass?.();
      await refusals.flush();
    }
    const counts = ended.map(one =>
      'refused' in one ? Number(one.refused) : 1,
    );
    expect(counts.reduce((sum, one) => sum + one)).toBe(3 + 4 + 5 + 6 + 7);
  });

  it('has its count recorded when the backend stops', async () => {
    await knock(5);
    await refusals.flush();
    expect(ended[3]).toMatchObject({ refused: 2 });
    expect(pass).toBeUndefined();
  });

  it('is recorded as of nobody, whatever they sign in with: who records it would be refused with it', async () => {
    const headers = { authorization: 'Bearer wrong', cookie: 'a=b', host: 'x' };
    await refusals.add({
      ...{ error, meta: {} },
      request: { method: 'POST', headers } as Request,
    });
    expect(requests).toMatchObject([{ method: 'POST' }]);
    expect(requests[0]?.headers).toEqual({ host: 'x' });
  });

  it('is written before the backend stops, and said in the log where it could not be told what was refused', async () => {
    let look = () => {};
    void refusals.add(
      () =>
        new Promise(done => {
          look = () => done({ request, error });
        }),
    );
    void refusals.add(() => Promise.reject(new Error('It is gone.')));
    const flushed = refusals.flush();
    look();
    await flushed;
    expect(ended).toEqual([{ message: error.message }]);
    expect(logger.error.mock.calls[0][0]).toContain('It is gone.');
  });

  it('is refused all the same where it cannot be recorded, which the log says', async () => {
    broken = true;
    await knock(5);
    await refusals.flush();
    expect(logger.error.mock.calls[0][0]).toMatch(
      /refusal of webhook could not be recorded: .*disk is full/,
    );
  });
});
