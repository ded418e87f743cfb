import { ResponseError } from '@backstage/errors';
import { z } from 'zod';
import { ScaffolderBackend } from './ScaffolderBackend';

const tasksSchema = z.object({
  tasks: z.array(
    z.object({
      id: z.string(),
      createdAt: z.string(),
      lastHeartbeatAt: z.string().nullish(),
      spec: z.object({ parameters: z.record(z.unknown()).default({}) }),
    }),
  ),
});
type Task = z.output<typeof tasksSchema>['tasks'][number];

/** A worker tells every second that it is at it; one that has been silent for so long has ended. */
const SILENT_MS = 60_000;

/** Knows which creations the scaffolder has under way. */
export class RunningCreations {
  readonly #scaffolder: ScaffolderBackend;
  readonly #now: () => Date;

  constructor(options: { scaffolder: ScaffolderBackend; now?: () => Date }) {
    this.#scaffolder = options.scaffolder;
    this.#now = options.now ?? (() => new Date());
  }

  /**
   * A creation of a service of this name that began before, or at the same time, and has not ended.
   *
   * @param own - the task that asks, which does not count, nor what began after it
   * @returns its id
   */
  async before(name: string, own?: string): Promise<string | undefined> {
    const tasks = await this.#read();
    const mine = tasks.find(({ id }) => id === own);
    return tasks.find(
      task =>
        task !== mine &&
        task.spec.parameters.name === name &&
        this.#isAlive(task) &&
        (!mine || task.createdAt <= mine.createdAt),
    )?.id;
  }

  #isAlive({ createdAt, lastHeartbeatAt }: Task): boolean {
    const seen = Date.parse(lastHeartbeatAt ?? createdAt);
    return this.#now().getTime() - seen < SILENT_MS;
  }

  async #read(): Promise<Task[]> {
    const response = await this.#scaffolder.ask(
      '/v2/tasks?status=open&status=processing',
    );
    if (!response.ok) throw await ResponseError.fromResponse(response);
    return tasksSchema.parse(await response.json()).tasks;
  }
}
