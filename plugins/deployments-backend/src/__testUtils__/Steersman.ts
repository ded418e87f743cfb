import { hasEnded, Steering } from '@highroad/plugin-deployments-common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Deployed, PortalProcess } from './PortalProcess';

/** What a person does at each pause of a canary, by its weight, one after another. */
export type Plan = Record<number, Steering[]>;

/** Looks so often until what was asked for is done: the worker writes whenever it looks. */
const LOOKS = 3;
const MOST_LOOKS = 900;

/**
 * A person who steers a canary by a plan. They may be told nothing when a portal dies; asking again, they first look what
 * came of it.
 */
export class Steersman {
  readonly #plan: Plan;
  readonly #version: string;
  /** Weight and action of what was asked for and heard */
  readonly asked: string[] = [];

  constructor(version: string, plan: Plan) {
    this.#version = version;
    this.#plan = plan;
  }

  /** Steers until all have ended, or the portal is dead. */
  async steer(portal: PortalProcess): Promise<void> {
    try {
      await this.#steer(portal);
    } catch (error) {
      if (!portal.isDead) {
        // The connection ends a moment before the process is known to have.
        await sleep(500);
        if (!portal.isDead) throw error;
      }
    }
  }

  async #steer(portal: PortalProcess): Promise<void> {
    await this.#looksOn(portal, await this.#find(portal));
    for (let tries = 0; tries < MOST_LOOKS; tries++) {
      const all = await portal.list();
      if (all.every(({ state }) => hasEnded(state))) return;
      const found = all.find(({ version }) => version === this.#version);
      const next = found && this.#next(found);
      if (found && next) {
        const { action, weight } = next;
        await portal.ask(`deployments/${found.id}/steer`, { action });
        this.asked.push(`${weight} ${action}`);
        await this.#looksOn(portal, await this.#find(portal));
      }
      await sleep(100);
    }
    throw new Error(
      `It does not come to an end: ${JSON.stringify(await portal.list())}`,
    );
  }

  #next({ state, progress }: Deployed) {
    if (state !== 'shifting' || !progress?.paused) return undefined;
    const { weight = 0 } = progress;
    const action = (this.#plan[weight] ?? []).find(
      one => !this.asked.includes(`${weight} ${one}`),
    );
    return action && { action, weight };
  }

  async #find(portal: PortalProcess): Promise<Deployed | undefined> {
    const all = await portal.list();
    return all.find(({ version }) => version === this.#version);
  }

  /** Waits until a worker has looked a few times, or it has ended. */
  async #looksOn(portal: PortalProcess, from: Deployed | undefined) {
    if (!from) return;
    for (let tries = 0; tries < MOST_LOOKS; tries++) {
      const now = await this.#find(portal);
      if (!now || hasEnded(now.state)) return;
      if (now.revision >= from.revision + LOOKS) return;
      await sleep(100);
    }
    throw new Error(`Nobody looks at ${this.#version}.`);
  }
}
