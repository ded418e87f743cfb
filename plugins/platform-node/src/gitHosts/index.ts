/**
 * Asking the interfaces of Git hosts: GitHub, and Gitea with Forgejo. Apart from the rest, so that only they load it.
 *
 * @packageDocumentation
 */
export {
  GitHostAnswerError,
  GitHostNotFoundError,
  GitHostRateLimitedError,
  GitHostRefusedError,
  GitHostUnavailableError,
  isGitHostError,
} from './gitHostErrors';
export type { GitHostError } from './gitHostErrors';
export { GitHostClient } from './GitHostClient';
export type {
  GitHostAnswer,
  GitHostClientOptions,
  GitHostRequest,
} from './GitHostClient';
export { GitHosts, repositoryIn } from './GitHosts';
export type { GitHost } from './GitHosts';
export {
  fullNameSchema,
  isSameRepository,
  repositoryPath,
  segmentSchema,
} from './repositoryPath';
export type { RepositoryName } from './repositoryPath';
export { isSignedWith } from './signature';
export { readWebhookSecrets, signerOf } from './webhookSecrets';
