import { Build, buildSchema } from '@highroad/plugin-sandbox-common';
import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readText, writeOwnFile } from '../machine/files';
import { BuildRequest } from './deliveries';
import { Intake, takeIn, toForget } from './queueRules';

/** How many ended builds are kept, with their logs. */
const KEPT = 200;

/** The builds and their logs, in files: what was taken in is never lost, whenever the builder is killed. */
export class BuildStore {
  readonly #folder: string;
  readonly #builds = new Map<string, Build>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param folder - `builds` in the state of a sandbox */
  static async open(folder: string): Promise<BuildStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const store = new BuildStore(folder);
    for (const name of await readdir(folder)) {
      if (!/^[0-9]{17}-[0-9a-f]{8}\.json$/.test(name)) continue;
      const build = buildSchema.parse(
        JSON.parse((await readText(join(folder, name))) ?? ''),
      );
      store.#builds.set(build.id, build);
    }
    return store;
  }

  all(): Build[] {
    return [...this.#builds.values()];
  }

  /** Takes a request in; when this returns it is on disk. */
  async take(request: BuildRequest, now = new Date()): Promise<Intake> {
    const intake = takeIn(request, this.all(), { id: newId(now), now });
    if (intake.is === 'known') return intake;
    await this.save(intake.build);
    for (const build of intake.superseded) await this.save(build);
    for (const { id } of toForget(this.all(), KEPT)) {
      this.#builds.delete(id);
      await rm(join(this.#folder, `${id}.json`), { force: true });
      await rm(this.log(id), { force: true });
    }
    return intake;
  }

  async save(build: Build): Promise<void> {
    this.#builds.set(build.id, build);
    await writeOwnFile(
      join(this.#folder, `${build.id}.json`),
      `${JSON.stringify(build, null, 2)}\n`,
    );
  }

  /** Path of a build's log */
  log(id: string): string {
    return join(this.#folder, `${id}.log`);
  }

  async write(id: string, text: string): Promise<void> {
    await appendFile(this.log(id), text, { mode: 0o600 });
  }
}

/** Sorts by time, also among those of one millisecond's neighbours. */
function newId(now: Date): string {
  return `${now.toISOString().replace(/\D/g, '')}-${randomBytes(4).toString(
    'hex',
  )}`;
}
