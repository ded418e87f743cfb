export { ClusterAccess } from '@highroad/plugin-platform-node/kubernetes';
