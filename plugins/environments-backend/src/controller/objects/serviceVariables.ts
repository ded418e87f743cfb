import {
  EnvironmentDatabaseSpec,
  EnvironmentServiceSpec,
  fillIn,
} from '@highroad/plugin-environments-common';
import { Target } from '../Target';
import { DATABASE_VARIABLES, databaseSecretName } from './databaseSecret';

/** A variable of a container, as Kubernetes has it. */
export type Variable = {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef: { name: string; key: string } };
};

/** What a service is told in an environment. What the manifest says goes before what the platform says, by name. */
export function variablesOf(
  target: Target,
  service: EnvironmentServiceSpec,
): Variable[] {
  const { spec, resource } = target;
  const own: Variable[] = service.env.map(({ name, value, secret }) =>
    secret
      ? {
          name,
          valueFrom: {
            secretKeyRef: { name: serviceSecretName(service.name), key: name },
          },
        }
      : {
          name,
          value: fillIn(value ?? '', {
            name: resource.name,
            pullRequest: spec.pullRequest,
          }).text,
        },
  );
  const given: Variable[] = [
    // The manifests of a service that has its own say where it answers.
    ...(service.from ? [] : [{ name: 'PORT', value: String(service.port) }]),
    ...databasesOf(target, service.name).flatMap((database, at) =>
      DATABASE_VARIABLES.map(key => ({
        name: at === 0 ? key : `${prefixOf(database.name)}_${key}`,
        valueFrom: {
          secretKeyRef: { name: databaseSecretName(database.name), key },
        },
      })),
    ),
  ];
  return [
    ...given.filter(({ name }) => !own.some(one => one.name === name)),
    ...own,
  ];
}

/** Where the values are of what a service's variables take from the secret store. */
export function serviceSecretName(service: string): string {
  return `${service}-secrets`;
}

/** The databases that a service may use, in the manifest's order. */
export function databasesOf(
  { spec }: Pick<Target, 'spec'>,
  service: string,
): EnvironmentDatabaseSpec[] {
  return spec.databases.filter(
    ({ services }) => !services || services.includes(service),
  );
}

function prefixOf(database: string): string {
  return database.toLocaleUpperCase('en-US').replace(/-/g, '_');
}
