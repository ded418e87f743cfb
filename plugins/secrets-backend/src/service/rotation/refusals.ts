import { ConflictError } from '@backstage/errors';
import { HeldRotation, Unfinished } from '../../database/RotationStore';
import { SecretPath } from '../../drivers/vault/SecretPath';
import { overlapCommand } from './overlapCommand';

/** Another worker is at it. */
export function beingReplaced({ key, environment }: SecretPath): ConflictError {
  return new ConflictError(
    `${key} in ${environment} is being replaced at this moment. Look at it again in a minute.`,
  );
}

/**
 * A third value cannot work beside the two that do.
 *
 * @param until - when the value before stops working, ISO 8601
 */
export function beforeWorks(
  { path, rule }: Pick<HeldRotation, 'path' | 'rule'>,
  until: string,
): ConflictError {
  const { key, environment } = path;
  const command = overlapCommand(path, rule);
  return new ConflictError(
    `${key} in ${environment} was replaced a short while ago, and programs may still use the value before, which works until ${until}. Replace it after that. If it must not wait, have the value before end as soon as no program uses it, and replace it again then: ${command}`,
  );
}

/** What a generator made only the same one, with the same settings, can end. */
export function otherGenerator(
  path: SecretPath,
  { rule, retireAt, problem }: Unfinished,
): ConflictError {
  const { service, key, environment } = path;
  if (!retireAt && problem) {
    const name = service.replace(/^component:default\//, '');
    return new ConflictError(
      `${key} in ${environment} could not be replaced by the generator "${rule.generator}", and another value is there since. Stop that first, and choose another a minute later: platform secrets rotate ${name}/${key} --env ${environment} --stop`,
    );
  }
  if (!retireAt) return beingReplaced(path);
  return new ConflictError(
    `${key} in ${environment} was replaced by the generator "${
      rule.generator
    }" a short while ago, and the value before works until ${retireAt}. Only the same generator, with the same settings, can end that. Choose another after it has ended. If it must not wait, have the value before end as soon as no program uses it, and choose another then: ${overlapCommand(
      path,
      rule,
    )}`,
  );
}
