import { Engine } from '../images/Engine';
import { CommandError } from '../machine/run';
import { BuildLog } from './BuildLog';
import { prepareWorkbench } from './workbench';

/** What the repository holds is at fault. */
export class StepFailure extends Error {}

export interface Place {
  engine: Engine;
  /** What the Dockerfile begins with */
  images: string[];
  /** The checkout */
  folder: string;
  watching: { onLine: (line: string) => void; signal: AbortSignal };
}

/** @returns what runs targets, each as a step of its own */
export async function prepareTargets(
  log: BuildLog,
  base: string,
  place: Place,
): Promise<(targets: string[]) => Promise<void>> {
  let workbench = '';
  await log.step('workbench', async () => {
    workbench = await prepareWorkbench(
      place.engine,
      base,
      `${place.folder}.workbench`,
      place.watching,
    );
    log.line(`Targets run in ${base}`);
  });
  const run = (target: string) => () => runTarget(target, workbench, place);
  return async targets => {
    for (const target of targets) await log.step(`make ${target}`, run(target));
  };
}

async function runTarget(
  target: string,
  workbench: string,
  { engine, images, folder, watching }: Place,
): Promise<void | { skipped: string }> {
  try {
    await engine.runIn(
      {
        image: workbench,
        command: ['make', target],
        workdir: '/workspace',
        folders: { [folder]: '/workspace' },
        env: { CI: 'true', HOME: '/root' },
        bases: images,
      },
      watching,
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (
      new RegExp(`No rule to make target ['\`"]${target}'`).test(error.output)
    )
      return { skipped: `The Makefile has no target ${target}` };
    const lacking = /(?:^|\s)(\S+): (?:command )?not found/m.exec(error.output);
    if (target === 'lint' && lacking)
      return { skipped: `The builder does not have ${lacking[1]}` };
    throw new StepFailure(`make ${target} failed: ${reasonIn(error.output)}`);
  }
}

/** The line that says most about why: the last that names a place or a failed test, else the last before make gave up. */
export function reasonIn(output: string): string {
  const lines = output
    .split('\n')
    .map(line => line.trim())
    .filter(
      line =>
        line &&
        !/^make(\[\d+\])?: |^(Error: )?(exit status|subprocess exited)/.test(
          line,
        ),
    );
  return (
    lines.findLast(line =>
      /^\S+:\d+(:\d+)?:? |^(--- FAIL|FAILED )/.test(line),
    ) ??
    lines.at(-1) ??
    'it said nothing'
  );
}
