import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  hasSurelyEnded,
  ownIdentity,
  processIdentity,
} from './processIdentity';

describe('whether a process is certain to have ended', () => {
  it('is known of one that was killed on this machine', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
    await once(child, 'spawn');
    const identity = processIdentity(child.pid ?? 0, 'a');
    expect(hasSurelyEnded(identity)).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(hasSurelyEnded(identity)).toBe(true);
  });

  it('is known of an earlier one whose number this one has', () => {
    expect(hasSurelyEnded(processIdentity(process.pid, 'before'))).toBe(true);
    expect(hasSurelyEnded(ownIdentity('now'))).toBe(false);
  });

  it('is not known of one on another machine, or in another container', () => {
    const [host, where, pid] = processIdentity(process.pid, 'a').split('/');
    expect(hasSurelyEnded(`another/${where}/${pid}/a`)).toBe(false);
    expect(hasSurelyEnded(`${host}/another-boot-1/${pid}/a`)).toBe(false);
    expect(hasSurelyEnded(`${host}/unknown/${pid}/a`)).toBe(false);
    expect(hasSurelyEnded('a-name-of-another-kind')).toBe(false);
  });
});
