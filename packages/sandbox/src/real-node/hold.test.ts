import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  HoldPlace,
  holdsNode,
  isLeft,
  obstacle,
  readHold,
  releaseHold,
  takeHold,
} from './hold';

describe('the hold on the machine’s real node', () => {
  let place: HoldPlace;
  let bridge: boolean;

  beforeEach(async () => {
    bridge = false;
    const folder = await mkdtemp(join(tmpdir(), 'highroad-hold-'));
    place = { folder, bridgeExists: () => bridge };
  });
  afterEach(() => rm(place.folder, { recursive: true, force: true }));

  /** As a sandbox that was killed leaves it. */
  const leftBy = (state: string) =>
    writeFile(
      join(place.folder, 'owner.json'),
      JSON.stringify({ state, pid: process.pid, started: 1 }),
    );

  it('is one sandbox’s at a time', async () => {
    await takeHold('/a', place);
    await expect(takeHold('/b', place)).rejects.toThrow(
      'which the sandbox in /a has: platform sandbox stop --state /a',
    );
    expect(await holdsNode('/a', place)).toBe(true);
    expect(await holdsNode('/b', place)).toBe(false);
  });

  it('can be taken again by the sandbox that has it', async () => {
    await takeHold('/a', place);
    await takeHold('/a', place);
    expect(await holdsNode('/a', place)).toBe(true);
  });

  it('stays with a killed sandbox until what it left is taken away', async () => {
    await leftBy('/a');
    bridge = true;
    await expect(takeHold('/b', place)).rejects.toThrow(
      'a killed sandbox in /a has left: platform sandbox stop --state /a',
    );
    const hold = await readHold(place);
    expect(obstacle(hold, '/a', place)).toBeUndefined();
    expect(hold && isLeft(hold, place)).toBe(true);
    bridge = false;
    await takeHold('/b', place);
    expect(await holdsNode('/b', place)).toBe(true);
  });

  it('is given free by its owner only', async () => {
    await takeHold('/a', place);
    await releaseHold('/b', place);
    expect(await holdsNode('/a', place)).toBe(true);
    await releaseHold('/a', place);
    expect(existsSync(place.folder)).toBe(false);
    await releaseHold('/a', place);
    await takeHold('/b', place);
    expect(await holdsNode('/b', place)).toBe(true);
  });
});
