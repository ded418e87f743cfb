/**
 * The description of a repository from when it is made until it is filled. By it a creation knows again what it made,
 * and takes back nothing else: that a repository is empty says nothing about whose it is.
 */
export function creationMark(creation: string): string {
  return `Being created (creation ${creation})`;
}

/** The creation that a repository with this description was made by and is not done with. */
export function markedCreation(
  description: string | null | undefined,
): string | undefined {
  return /^Being created \(creation ([\w-]+)\)$/.exec(description ?? '')?.[1];
}
