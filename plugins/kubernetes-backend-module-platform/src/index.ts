/**
 * What may be asked of a cluster through the portal. Leave this package out, and whoever may use Backstage's proxy to clusters may do
 * all that the portal itself may.
 *
 * @packageDocumentation
 */
export { kubernetesModulePlatform as default } from './module';
export { clusterOperatePermission } from './clusterOperatePermission';
