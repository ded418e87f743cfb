import { ScaffolderTask } from '@backstage/plugin-scaffolder-react';
import { FindingsAnswer } from '@highroad/plugin-catalog-platform-common';
import { Need } from '@highroad/plugin-platform-react';

const WEEK_MS = 7 * 24 * 3600 * 1000;

/** Creations of the reader that failed in the last week and did not succeed since, newest first. */
export function failedCreations(tasks: ScaffolderTask[], now: Date): Need[] {
  const latest = new Map<string, ScaffolderTask>();
  for (const task of [...tasks].sort(byAge)) latest.set(nameOf(task), task);
  return [...latest.values()]
    .filter(
      task =>
        task.status === 'failed' &&
        now.getTime() - Date.parse(task.createdAt) < WEEK_MS,
    )
    .sort((a, b) => byAge(b, a))
    .map(task => ({
      key: `task:${task.id}`,
      title: nameOf(task),
      why: 'Its creation failed. See why, and try again from there.',
      action: { label: 'See why', to: `/create/tasks/${task.id}` },
      since: task.createdAt,
    }));
}

function byAge(a: ScaffolderTask, b: ScaffolderTask): number {
  return Date.parse(a.createdAt) - Date.parse(b.createdAt);
}

/** What is wrong in the catalog with things the reader's teams own. */
export function catalogFindings(answer: FindingsAnswer): Need[] {
  return answer.owners
    .flatMap(owner => owner.entities)
    .map(entity => {
      const [first, ...others] = entity.findings;
      const more = others.length ? ` And ${others.length} more.` : '';
      return {
        key: `findings:${entity.ref}`,
        title: entity.title,
        why: `${first.message}${more}`,
        action: { label: 'See the fix', to: catalogPath(entity.ref) },
      };
    });
}

/** The page of a thing in the catalog, from its reference. */
export function catalogPath(ref: string): string {
  const [kind, rest] = ref.split(':');
  return `/catalog/${rest.replace('/', `/${kind}/`)}`;
}

function nameOf(task: ScaffolderTask): string {
  const { name } = task.spec.parameters;
  if (typeof name === 'string') return name;
  return task.spec.templateInfo?.entityRef ?? 'A creation';
}
