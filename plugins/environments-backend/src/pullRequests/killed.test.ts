import { commitOf } from '../drivers/gitHosts/__testUtils__/GithubServer';
import { EnvironmentResources } from '../service/EnvironmentResources';
import { MANIFEST, PullRequestWorld } from './__testUtils__/PullRequestWorld';

jest.setTimeout(180_000);

/** The process ends here. */
class Killed extends Error {}

const NUMBER = 12;
const EXTENDED = '2026-01-11T12:00:00.000Z';

/** Ends the process at one of the moments between which something has an effect, once. */
class Reaper {
  #passed = 0;
  #done = false;

  constructor(readonly at: number) {}

  get struck(): boolean {
    return this.#done;
  }

  /** @returns whether it ends here */
  strikes(): boolean {
    this.#passed += 1;
    if (this.#done || this.#passed !== this.at) return false;
    this.#done = true;
    return true;
  }

  async around<T>(effect: () => Promise<T>): Promise<T> {
    if (this.strikes()) throw new Killed();
    const result = await effect();
    if (this.strikes()) throw new Killed();
    return result;
  }
}

/** A world in which every write can be the last thing that happens, or the first that does not. */
async function mortalWorld(reaper: Reaper) {
  const world = new PullRequestWorld();
  await world.start();
  world.server.permissions.ann = 'write';
  world.server.fault = ({ method }) => {
    if (method === 'GET') return undefined;
    if (reaper.strikes()) return 'hang-up';
    // It is done, and the answer is not heard.
    return reaper.strikes() ? 'truncated' : undefined;
  };
  const mortal: EnvironmentResources = new Proxy(world.environments, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name, target);
      if (typeof found !== 'function') return found;
      const call = (...given: unknown[]) => Reflect.apply(found, target, given);
      return ['apply', 'extend', 'keep', 'delete'].includes(String(name))
        ? (...given: unknown[]) => reaper.around(() => call(...given))
        : call;
    },
  });
  /** Looks until it goes well; whoever comes after a death knows what was kept. */
  const look = async () => {
    for (let tries = 0; ; tries++) {
      try {
        const { memory, finished } = await world
          .reconciler(mortal)
          .look(
            world.ref(NUMBER),
            world.memory,
            now => reaper.around(async () => void (world.memory = now)),
            new AbortController().signal,
          );
        await reaper.around(async () => void (world.memory = memory));
        return finished;
      } catch (error) {
        if (tries > 3) throw error;
      }
    }
  };
  return { world, look };
}

/** From opening to closing, with everything that people may ask for in between. */
async function live(reaper: Reaper): Promise<PullRequestWorld> {
  const { world, look } = await mortalWorld(reaper);
  try {
    const name = world.name(NUMBER);
    const environment = () => world.environments.kept.get(name);
    world.push(NUMBER, MANIFEST);
    await look();
    const uid = environment()?.uid;
    world.environments.say(name, { phase: 'ready' });
    await look();
    world.server.comment(NUMBER, 'ann', '/platform extend 3d');
    await look();
    expect(environment()?.status.expiresAt).toBe(EXTENDED);
    world.push(NUMBER, MANIFEST, commitOf(99));
    await look();
    expect(environment()).toMatchObject({
      ...{ uid, spec: { pullRequest: { commit: commitOf(99) } } },
    });
    expect(environment()?.status.expiresAt).toBe(EXTENDED);
    world.server.comment(NUMBER, 'ann', '/platform destroy');
    await look();
    expect(environment()).toBeUndefined();
    world.server.comment(NUMBER, 'ann', '/platform create');
    await look();
    expect(environment()).toBeDefined();
    expect(environment()?.uid).not.toBe(uid);
    world.server.set(NUMBER, { state: 'closed', merged: true });
    while (!(await look())) {
      // Until it says that nothing is left.
    }
    return world;
  } finally {
    await world.server.stop();
  }
}

describe('whoever is killed while at a pull request', () => {
  it('leaves one environment, one comment, one extension and in the end nothing, at each moment', async () => {
    let moments = 0;
    for (let at = 1; ; at++) {
      const reaper = new Reaper(at);
      const world = await live(reaper);
      const told = world.server.comments
        .filter(({ author }) => author === 'ann')
        .map(({ reactions }) => reactions.map(({ content }) => content));
      expect({
        at,
        told,
        left: world.environments.kept.size,
        comments: world.server.ownComments(NUMBER).length,
        says: world.said(NUMBER).includes(': gone'),
      }).toEqual({
        ...{ at, left: 0, comments: 1, says: true },
        told: [['+1'], ['+1'], ['+1']],
      });
      if (!reaper.struck) break;
      moments = at;
    }
    // The control: there were moments to be killed at.
    expect(moments).toBeGreaterThan(40);
  });
});
