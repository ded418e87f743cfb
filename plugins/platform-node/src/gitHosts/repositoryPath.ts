import { InputError } from '@backstage/errors';
import { z } from 'zod';

/** A repository at its Git host. */
export interface RepositoryName {
  owner: string;
  name: string;
}

const SEGMENT = /^[A-Za-z0-9_.-]{1,100}$/;

/** A repository's owner or name; both become parts of paths. */
export const segmentSchema = z
  .string()
  .regex(SEGMENT)
  .refine(text => !/^\.+$/.test(text));

/** Owner and name as hosts write them together. */
export const fullNameSchema = z
  .string()
  .regex(/^[^/]+\/[^/]+$/)
  .transform((text): RepositoryName => {
    const [owner, name] = text.split('/');
    return { owner, name };
  })
  .pipe(z.object({ owner: segmentSchema, name: segmentSchema }));

/** @returns the path of a repository in a host's interface, without a slash at its end */
export function repositoryPath({ owner, name }: RepositoryName): string {
  for (const part of [owner, name]) {
    if (!segmentSchema.safeParse(part).success) {
      throw new InputError(`"${owner}/${name}" is no name of a repository.`);
    }
  }
  return `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
}

/** Hosts do not tell apart capital letters in names. */
export function isSameRepository(a: RepositoryName, b: RepositoryName) {
  const text = ({ owner, name }: RepositoryName) =>
    `${owner}/${name}`.toLocaleLowerCase('en-US');
  return text(a) === text(b);
}
