/** Where Kubernetes keeps environments. */
export const API_GROUP = 'platform.myorg.com';
export const API_VERSION = 'platform.myorg.com/v1';
export const KIND = 'Environment';
export const PLURAL = 'environments';

/** Held until nothing of an environment is left. */
export const FINALIZER = 'platform.myorg.com/environment';
/** Who writes what an environment consists of, as Kubernetes keeps it for every field. */
export const CONTROLLER_FIELD_MANAGER = 'highroad-environments';
/** Who writes an environment's resource for people at the portal, the command or a pull request. */
export const PORTAL_FIELD_MANAGER = 'highroad-portal';

/**
 * On a namespace that people apply environments in: the group that owns them, as the catalog names it. On an
 * environment, it is what `spec.owner` says.
 */
export const OWNER_ANNOTATION = 'platform.myorg.com/owner';
/** Until when an environment stays at least, ISO 8601. Not in the manifest, so that applying that again undoes nothing. */
export const EXTENDED_UNTIL_ANNOTATION = 'platform.myorg.com/extended-until';
/** When something was last done with it, ISO 8601; counts where the time to live counts from activity. */
export const LAST_ACTIVITY_ANNOTATION = 'platform.myorg.com/last-activity';
/** Who asked for it, as records name them. */
export const REQUESTED_BY_ANNOTATION = 'platform.myorg.com/requested-by';
/** When secrets that it may have been lent last changed; another one than before: what it was lent is looked at at once. */
export const SECRETS_CHANGED_ANNOTATION =
  'platform.myorg.com/secrets-changed-at';
/** `"true"`: it stays until a person ends it, whatever its time to live. */
export const KEEP_LABEL = 'platform.myorg.com/keep';
/** On an environment: whose pull request it is, as `pullRequestKey` makes it. */
export const PULL_REQUEST_LABEL = 'platform.myorg.com/pull-request';

/** On everything that belongs to an environment: the uid of its resource. */
export const ENVIRONMENT_UID_LABEL = 'platform.myorg.com/environment-uid';
/** On everything that belongs to an environment: its name. */
export const ENVIRONMENT_NAME_LABEL = 'platform.myorg.com/environment-name';
/** On everything that belongs to an environment: the namespace of its resource. */
export const ENVIRONMENT_HOME_LABEL = 'platform.myorg.com/environment-home';
/** Which database of an environment something in its namespace is part of. */
export const DATABASE_LABEL = 'platform.myorg.com/database';
/** Which service of an environment something is part of. */
export const SERVICE_LABEL = 'app.kubernetes.io/name';
