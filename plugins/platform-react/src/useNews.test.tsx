import { renderHook } from '@testing-library/react';
import { TestApiProvider } from '@backstage/frontend-test-utils';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { ReactNode } from 'react';
import { useNews } from './useNews';

describe('waiting for news', () => {
  const listeners = new Map<string, (message: object) => void>();
  const unsubscribe = jest.fn();
  const signals = {
    subscribe(channel: string, onMessage: (message: never) => void) {
      listeners.set(channel, onMessage as (message: object) => void);
      return { unsubscribe };
    },
  };
  const listen = (connected: boolean) =>
    renderHook(() => useNews('carts'), {
      wrapper: ({ children }: { children: ReactNode }) =>
        connected ? (
          <TestApiProvider apis={[[signalApiRef, signals]]}>
            {children}
          </TestApiProvider>
        ) : (
          <TestApiProvider apis={[]}>{children}</TestApiProvider>
        ),
    });
  const never = new AbortController().signal;
  /** Whether it has ended, at any time */
  const watch = (waiting: Promise<void>) => {
    const seen = { ended: false };
    waiting.then(() => {
      seen.ended = true;
    });
    return seen;
  };

  beforeEach(() => {
    jest.useFakeTimers();
    listeners.clear();
    unsubscribe.mockClear();
  });
  afterEach(() => jest.useRealTimers());

  it('ends as soon as there is any', async () => {
    const { result } = listen(true);
    const waiting = watch(result.current.wait(2_000, never));
    await jest.advanceTimersByTimeAsync(20_000);
    expect(waiting.ended).toBe(false);
    listeners.get('carts')?.({});
    await jest.advanceTimersByTimeAsync(0);
    expect(waiting.ended).toBe(true);
  });

  it('leaves what changes often alone for a while, and misses nothing meanwhile', async () => {
    const { result } = listen(true);
    const waiting = watch(result.current.wait(2_000, never, 5_000));
    listeners.get('carts')?.({});
    await jest.advanceTimersByTimeAsync(4_999);
    expect(waiting.ended).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(waiting.ended).toBe(true);
  });

  it('does not miss what comes between two waits, and tells of it once', async () => {
    const { result } = listen(true);
    listeners.get('carts')?.({});
    listeners.get('carts')?.({});
    const first = watch(result.current.wait(2_000, never));
    await jest.advanceTimersByTimeAsync(0);
    expect(first.ended).toBe(true);
    const second = watch(result.current.wait(2_000, never));
    await jest.advanceTimersByTimeAsync(20_000);
    expect(second.ended).toBe(false);
  });

  it('looks all the same after half a minute, since word can be lost', async () => {
    const { result } = listen(true);
    const waiting = watch(result.current.wait(2_000, never));
    await jest.advanceTimersByTimeAsync(30_000);
    expect(waiting.ended).toBe(true);
  });

  it('ends when it is no longer wanted, and listens no more', async () => {
    const { result, unmount } = listen(true);
    const abort = new AbortController();
    const waiting = watch(result.current.wait(2_000, abort.signal));
    abort.abort();
    await jest.advanceTimersByTimeAsync(0);
    expect(waiting.ended).toBe(true);
    unmount();
    expect(unsubscribe).toHaveBeenCalledTimes(1);
  });

  it('waits as long as is said where the portal passes on no word', async () => {
    const { result } = listen(false);
    const waiting = watch(result.current.wait(2_000, never));
    await jest.advanceTimersByTimeAsync(2_000);
    expect(waiting.ended).toBe(true);
  });
});
