import { setTimeout as sleep } from 'node:timers/promises';
import { withHeartbeat } from './heartbeat';

const until = async (holds: () => boolean) => {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 1_000) throw new Error('It did not come to that in time.');
    await sleep(5);
  }
};

describe('a heartbeat', () => {
  it('beats while the work goes on, also after a beat that failed, and no more when it has ended', async () => {
    let beats = 0;
    const errors: unknown[] = [];
    const answer = await withHeartbeat(
      {
        everyMs: 1,
        beat: async () => {
          beats += 1;
          if (beats === 1) throw new Error('lost');
        },
        onError: error => errors.push(error),
      },
      async () => {
        await until(() => beats > 3);
        return 'done';
      },
    );
    expect(answer).toBe('done');
    expect(errors).toEqual([new Error('lost')]);
    const then = beats;
    await sleep(20);
    expect(beats).toBe(then);
  });

  it('ends after a beat that is under way, and has one at a time', async () => {
    let end = () => {};
    let begun = 0;
    let ended = false;
    const beat = () => {
      begun += 1;
      return new Promise<void>(resolve => {
        end = () => {
          ended = true;
          resolve();
        };
      });
    };
    const work = withHeartbeat(
      { everyMs: 1, beat, onError: () => {} },
      async () => {
        await until(() => begun > 0);
        await sleep(20);
        throw new Error('It went wrong.');
      },
    );
    setTimeout(() => end(), 60);
    await expect(work).rejects.toThrow('It went wrong.');
    expect({ begun, ended }).toEqual({ begun: 1, ended: true });
  });
});
