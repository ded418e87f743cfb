/**
 * What Backstage mounts in plugins for their own use, without asking for a permission there. Express takes paths in any case.
 */
const TASKS = /^\/\.backstage\/scheduler(\/|$)/i;
const CONDITIONS =
  /^\/\.well-known\/backstage\/permissions\/apply-conditions\/?$/i;

/** Whether a path of a plugin runs or stops its scheduled tasks, or lists them. */
export function isOfTasks(path: string): boolean {
  return TASKS.test(path);
}

/** Whether a path of a plugin is for other plugins of the backend. */
export function isForPlugins(path: string): boolean {
  return isOfTasks(path) || CONDITIONS.test(path);
}
