import { ConflictError } from '@backstage/errors';
import { leadingTo } from '@highroad/plugin-platform-common';
import { HeldRotation, Unfinished } from '../../database/RotationStore';
import { SecretPath } from '../../drivers/vault/SecretPath';
import { overlapCommand } from './overlapCommand';

/** The page about what keeps a value from being replaced. */
const NOT_REPLACED = 'secret-not-replaced';

/** Another worker is at it. */
export function beingReplaced({ key, environment }: SecretPath): ConflictError {
  return notReplaced(
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
  return notReplaced(
    `${key} in ${environment} was replaced a short while ago, and programs may still use the value before, which works until ${until}. Replace it after that. If it must not wait, have the value before end as soon as no program uses it, and replace it again then: ${command}`,
  );
}

/**
 * The time of the value before is over, and programs have not got the newest.
 *
 * @param by - which, in a sentence
 */
export function stillUsed(
  { path: { key, environment } }: Pick<HeldRotation, 'path'>,
  by: string,
): ConflictError {
  return notReplaced(
    `Programs still use the value of ${key} in ${environment} that was replaced last: ${by} It ends as soon as none does, and can be replaced again then.`,
  );
}

/**
 * An earlier value that was ended is not put back: programs would be let in nowhere.
 *
 * @param over.why - in a sentence
 * @param over.ended - whether it is replaced no longer, so that nothing makes another like it
 */
export function isOver(
  { service, key, environment }: SecretPath,
  version: number,
  { why, ended }: { why: string; ended: boolean },
): ConflictError {
  const name = service.replace(/^component:default\//, '');
  return new ConflictError(
    `Version ${version} of ${key} in ${environment} was replaced, and has ended since: ${why} Nothing was changed. ${
      ended
        ? 'Set one that works.'
        : `Have it replaced by a new one: platform secrets rotate ${name}/${key} --env ${environment}. Or set one that works.`
    }`,
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
    return notReplaced(
      `${key} in ${environment} could not be replaced by the generator "${rule.generator}", and another value is there since. Stop that first, and choose another a minute later: platform secrets rotate ${name}/${key} --env ${environment} --stop`,
    );
  }
  if (!retireAt) return beingReplaced(path);
  return notReplaced(
    `${key} in ${environment} was replaced by the generator "${
      rule.generator
    }" a short while ago, and the value before works until ${retireAt}. Only the same generator, with the same settings, can end that. Choose another after it has ended. If it must not wait, have the value before end as soon as no program uses it, and choose another then: ${overlapCommand(
      path,
      rule,
    )}`,
  );
}

function notReplaced(message: string): ConflictError {
  return leadingTo(NOT_REPLACED, new ConflictError(message));
}

/** Of what is not there, was changed meanwhile, or cannot be asked, other pages say more. */
const OTHERS = ['NotFoundError', 'ConflictError', 'ServiceUnavailableError'];

/** What kept a value from being replaced, with the page about it: what a generator says leads there. */
export function whyNotReplaced(error: unknown): unknown {
  return error instanceof Error && !OTHERS.includes(error.name)
    ? leadingTo(NOT_REPLACED, error)
    : error;
}
