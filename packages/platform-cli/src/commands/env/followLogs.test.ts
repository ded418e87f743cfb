import { LogLine } from '@highroad/plugin-environments-common';
import { followLogs } from './followLogs';

const line = (pod: string, second: number): LogLine => ({
  ...{ service: 'api', pod, text: `${pod} at ${second}` },
  at: `2026-01-01T00:00:${String(second).padStart(2, '0')}.000000000Z`,
});

/** Follows logs that are these, one after the other, and says what was shown. */
async function following(...answers: LogLine[][]) {
  const abort = new AbortController();
  const shown: string[] = [];
  const asked: unknown[] = [];
  await followLogs(
    {
      async logs(input) {
        asked.push(input.lines);
        const items = answers[asked.length - 1];
        return { items, unread: [{ pod: 'old-1', message: 'it has gone' }] };
      },
    },
    { name: 'pr-1234' },
    2,
    {
      signal: abort.signal,
      onLine: ({ text }) => shown.push(text),
      onUnread: ({ pod }) => shown.push(`cannot read ${pod}`),
      onGap: pod => shown.push(`gap in ${pod}`),
      wait: async () => {
        if (asked.length === answers.length) abort.abort();
      },
    },
  );
  return { shown, asked };
}

describe('following logs', () => {
  it('shows each line once, also of pods that come later, and says once what cannot be read', async () => {
    const { shown, asked } = await following(
      [line('a', 1), line('a', 2)],
      [line('a', 1), line('a', 2), line('b', 2), line('a', 3)],
      [line('b', 2), line('a', 3)],
    );
    expect(shown).toEqual([
      'cannot read old-1',
      ...['a at 1', 'a at 2', 'b at 2', 'a at 3'],
    ]);
    expect(asked).toEqual([2, 1000, 1000]);
  });

  it('shows all lines of one moment', async () => {
    const { shown } = await following([line('a', 1), line('a', 1)]);
    expect(shown.slice(1)).toEqual(['a at 1', 'a at 1']);
  });

  it('follows each container of a pod by itself', async () => {
    const proxy = { ...line('a', 1), container: 'proxy' };
    const { shown } = await following(
      [{ ...line('a', 4), container: 'api' }, proxy],
      [
        { ...line('a', 4), container: 'api' },
        ...[proxy, { ...line('a', 3), container: 'proxy' }],
      ],
    );
    expect(shown.slice(1)).toEqual(['a at 4', 'a at 1', 'a at 3']);
  });

  it('says where more was logged than it reads at a time', async () => {
    const many = Array.from({ length: 1000 }, (_, at) => ({
      ...line('a', 5),
      text: `line ${at}`,
    }));
    const { shown } = await following([line('a', 1)], many);
    expect(shown[2]).toBe('gap in a');
    expect(shown).toHaveLength(1003);
  });
});
