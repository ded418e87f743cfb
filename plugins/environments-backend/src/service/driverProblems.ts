import {
  EnvironmentSpec,
  ManifestProblem,
} from '@highroad/plugin-environments-common';

/**
 * Drivers that databases name and that are not there, for whoever types them. Where there is none at all, this is no
 * matter of the manifest.
 */
export function driverProblems(
  { databases }: Pick<EnvironmentSpec, 'databases'>,
  drivers: string[],
): ManifestProblem[] {
  if (drivers.length === 0) return [];
  return databases.flatMap(({ driver }, at) =>
    driver === undefined || drivers.includes(driver)
      ? []
      : [
          {
            field: `spec.databases[${at}].driver`,
            message: `there is no way "${driver}" to make a database; there is ${drivers.join(
              ', ',
            )}. Leave it out for the usual one`,
          },
        ],
  );
}
