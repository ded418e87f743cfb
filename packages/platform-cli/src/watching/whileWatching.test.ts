import { CliError } from '../errors';
import { whileWatching } from './whileWatching';

const says = {
  late: () => new CliError('too late', {}),
  interrupted: () => new CliError('interrupted', {}),
};
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });

describe('whileWatching', () => {
  it('gives what was waited for', async () => {
    const work = async () => 'ready';
    expect(await whileWatching(work, { ...says, timeout: 60 })).toBe('ready');
  });

  it('says that its time is over', async () => {
    await expect(
      whileWatching(untilAborted, { ...says, timeout: 0.01 }),
    ).rejects.toThrow('too late');
  });

  it('says that it was interrupted', async () => {
    const before = process.listenerCount('SIGINT');
    const watched = whileWatching(untilAborted, { ...says, timeout: 60 });
    process.emit('SIGINT');
    await expect(watched).rejects.toThrow('interrupted');
    expect(process.listenerCount('SIGINT')).toBe(before);
  });

  it('leaves an error of what is watched as it is', async () => {
    const work = async () => {
      throw new Error('not ready');
    };
    await expect(whileWatching(work, { ...says, timeout: 60 })).rejects.toThrow(
      'not ready',
    );
  });
});
