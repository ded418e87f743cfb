import { mockServices } from '@backstage/backend-test-utils';
import { ChangeSignal } from './ChangeSignal';

describe('telling pages of changes', () => {
  const publish = jest.fn(async (_: object) => {});
  const logger = mockServices.logger.mock();
  const make = () =>
    new ChangeSignal({ signals: { publish }, channel: 'carts', logger });

  beforeEach(() => {
    jest.useFakeTimers();
    jest.clearAllMocks();
  });
  afterEach(() => jest.useRealTimers());

  it('says at once that something changed, and not what', () => {
    make().tell();
    expect(publish.mock.calls).toEqual([
      [{ recipients: { type: 'broadcast' }, channel: 'carts', message: {} }],
    ]);
  });

  it('tells of many changes together, the last one included', () => {
    const signal = make();
    for (let n = 0; n < 1000; n++) signal.tell();
    expect(publish).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(500);
    expect(publish).toHaveBeenCalledTimes(2);
    jest.advanceTimersByTime(60_000);
    expect(publish).toHaveBeenCalledTimes(2);
    signal.tell();
    expect(publish).toHaveBeenCalledTimes(3);
  });

  it('says so where it cannot tell them', async () => {
    publish.mockRejectedValueOnce(new Error('no events'));
    make().tell();
    await jest.advanceTimersByTimeAsync(0);
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('no events'),
    );
  });
});
