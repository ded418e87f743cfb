import { CheckList } from './CheckList';
import { CheckStep } from './Checks';

describe('a list of checks', () => {
  it('tells of each when it begins and when it has passed, with its times, and is waited for', async () => {
    let seconds = 0;
    const told: string[] = [];
    const list = new CheckList(
      () => new Date(1_000 * seconds),
      async ({ name, state, startedAt, endedAt }: CheckStep) => {
        await Promise.resolve();
        told.push([name, state, startedAt, endedAt].join(' '));
      },
    );
    const at = (second: number) => new Date(1_000 * second).toISOString();
    await list.begin('image', 'Asks for it');
    seconds = 12;
    await list.pass('It is there');
    await list.begin('manifests', 'Renders them');
    expect(told).toEqual([
      `image running ${at(0)} `,
      `image succeeded ${at(0)} ${at(12)}`,
      `manifests running ${at(12)} `,
    ]);
    seconds = 13;
    expect(list.failed('They do not render', ['line 3'])).toEqual({
      ...{ name: 'manifests', state: 'failed', summary: 'They do not render' },
      ...{ evidence: ['line 3'], startedAt: at(12), endedAt: at(13) },
    });
    expect(list.passed.map(({ name }) => name)).toEqual(['image']);
  });
});
