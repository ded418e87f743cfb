import type { EnvironmentServiceSpec } from './manifest';

/** By which every service is reached from the others, whatever its own is. */
export const OWN_PORT = 80;
/** How the platform calls that one, and the service's own beside it. */
export const OWN_PORT_NAMES = { every: 'http', own: 'http-own' };

interface PortProblem {
  path: Array<string | number>;
  message: string;
}

/** Which of the ports that services ask for besides can't be had, and what to write instead. */
export function portProblemsIn(
  services: Array<Pick<EnvironmentServiceSpec, 'port' | 'ports'>>,
): PortProblem[] {
  return services.flatMap(({ port: own, ports }, at) =>
    ports.flatMap(({ name, port }, position) => {
      const problem = (field: string, message: string): PortProblem => ({
        path: ['services', at, 'ports', position, field],
        message,
      });
      const before = ports.slice(0, position);
      const found: PortProblem[] = [];
      if (Object.values(OWN_PORT_NAMES).includes(name)) {
        found.push(
          problem('name', `"${name}" is the platform’s; give it another name`),
        );
      }
      if (before.some(one => one.name === name)) {
        found.push(problem('name', `"${name}" is there twice; rename one`));
      }
      if (port === own) {
        found.push(
          problem('port', `${port} is its port already; leave this out`),
        );
      } else if (port === OWN_PORT) {
        found.push(
          problem(
            'port',
            `${port} leads to its port (${own}) already; have it listen at another`,
          ),
        );
      }
      if (before.some(one => one.port === port)) {
        found.push(problem('port', `${port} is there twice; leave one out`));
      }
      return found;
    }),
  );
}
