export * from '@highroad/plugin-deployments-node';
