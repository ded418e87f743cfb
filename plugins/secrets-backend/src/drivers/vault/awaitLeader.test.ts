import { awaitLeader } from './awaitLeader';

const leaderless = {
  response: {
    statusCode: 500,
    body: {
      errors: ['local node not active but active cluster node not found'],
    },
  },
};

describe('waiting until a node of Vault is active', () => {
  let clock: number;
  /** Each look at the clock takes a second */
  const now = () => {
    clock += 1_000;
    return clock;
  };
  const options = { now, random: () => 0, forMs: 5_000 };
  /** Answers so one after the other, then with `done`. */
  const answering = (...errors: object[]) => {
    const send = jest.fn(async () => 'done');
    for (const error of errors) send.mockRejectedValueOnce(error);
    return send;
  };

  beforeEach(() => {
    clock = 0;
  });

  it('sends it again until one is', async () => {
    const send = answering(leaderless, leaderless);
    await expect(awaitLeader(send, options)).resolves.toBe('done');
    expect(send).toHaveBeenCalledTimes(3);
  });

  it('gives up when its time is over, with what was answered last', async () => {
    const send = jest.fn().mockRejectedValue(leaderless);
    await expect(awaitLeader(send, options)).rejects.toBe(leaderless);
    expect(send).toHaveBeenCalledTimes(5);
  });

  it.each([
    ['an answer that does not come', new Error('ECONNRESET')],
    [
      'an error after which it may have been done',
      { response: { statusCode: 500, body: { errors: ['disk is full'] } } },
    ],
  ])('sends nothing again after %s', async (_, error) => {
    const send = answering(error);
    await expect(awaitLeader(send, options)).rejects.toBe(error);
    expect(send).toHaveBeenCalledTimes(1);
  });
});
