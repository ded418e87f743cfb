/** What the platform writes on everything that it applies. */
export const MANAGED_BY_LABEL = 'app.kubernetes.io/managed-by';
export const MANAGED_BY = 'highroad';
/** Name of the service in the catalog; also on its pods */
export const SERVICE_LABEL = 'platform.myorg.com/service';
/** The deployment that wrote an object last; not on pods, which would be replaced for it */
export const DEPLOYMENT_LABEL = 'platform.myorg.com/deployment';
/** The tag that was asked for; the image itself is named by digest */
export const VERSION_ANNOTATION = 'platform.myorg.com/version';
export const VERSION_LABEL = 'app.kubernetes.io/version';
/** ConfigMap in which the platform keeps what it applied to a namespace */
export const INVENTORY = 'highroad-inventory';
