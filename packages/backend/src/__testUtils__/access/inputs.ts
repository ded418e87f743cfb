import { SERVICE } from './callers';

/** A secret of the owner's service */
export const ofKey = { environment: 'staging', key: 'DATABASE_URL' };
/** A preview environment of the owner */
export const ENVIRONMENT = 'pr-7';
export const place = { service: SERVICE, environment: 'staging' };
const pullRequest = {
  service: SERVICE,
  url: 'https://git.test/acme/payment-service/pulls/1',
};

const thing = {
  kind: 'component',
  namespace: 'default',
  name: 'payment-service',
};
const repository = { owner: 'payments-team', name: 'payment-service' };

/** What was made for the test to ask about, by its id. */
export interface Made {
  record?: string;
  deployment?: string;
  deviation?: string;
}

/** An input that is right, for each operation; what is asked about belongs to the owner. */
export function inputsFor(made: Made): Record<string, Record<string, unknown>> {
  return {
    'audit.record': { id: made.record },
    'audit.search': { service: undefined },
    'audit.tail': { after: 0 },
    'audit.verify': {},
    'catalog.dependents': thing,
    'catalog.dependents-summary': { ref: SERVICE },
    'catalog.entity-findings': thing,
    'deployments.deploy': { ...place, version: '1.0.0' },
    'deployments.promote': {
      service: SERVICE,
      from: 'staging',
      environment: 'testing',
    },
    'deployments.rollback': place,
    'deployments.rollback-targets': place,
    'deployments.versions': { service: SERVICE },
    'deployments.preview': { ...place, version: '1.0.0' },
    'deployments.preview-steps': { ...place, version: '1.0.0' },
    'deployments.deviation-add': {
      ...place,
      guardrail: 'seccomp',
      reason: 'to see who may',
      until: new Date(Date.now() + 3_600_000).toISOString(),
    },
    'deployments.deviation-end': { id: made.deviation },
    'deployments.diagnose': place,
    'deployments.pods': place,
    'deployments.secret-references': { service: SERVICE },
    ...Object.fromEntries(
      ['get', 'manifests', 'cancel', 'approve', 'steer'].map(name => [
        `deployments.${name}`,
        { id: made.deployment, ...(name === 'steer' && { action: 'pause' }) },
      ]),
    ),
    ...Object.fromEntries(
      Object.entries({
        get: {},
        events: {},
        extend: { by: '1d' },
        keep: {},
        logs: {},
        delete: {},
      }).map(([name, input]) => [
        `environments.${name}`,
        { name: ENVIRONMENT, ...input },
      ]),
    ),
    'environments.provide-databases': place,
    'environments.follow-secrets': { ...place, keys: ['DATABASE_URL'] },
    'environments.lent-secrets': place,
    'environments.validate': { manifest: 'kind: Environment' },
    'environments.bring-pull-request': pullRequest,
    'environments.open-pull-requests': { service: SERVICE },
    'environments.preview-pull-request': pullRequest,
    'environments.remove-orphan': { namespace: 'env-none' },
    'environments.remove-orphan-databases': {
      environmentUid: '00000000-0000-4000-8000-000000000000',
    },
    'environments.create': {
      manifest: JSON.stringify({
        apiVersion: 'platform.myorg.com/v1',
        kind: 'Environment',
        metadata: { name: 'another' },
        spec: {
          type: 'preview',
          owner: 'group:default/payments-team',
          services: [{ name: 'payment-service', image: 'payments:1' }],
        },
      }),
    },
    'local-repositories.get': repository,
    'local-repositories.tree': repository,
    'local-repositories.file': { ...repository, path: 'README.md' },
    'local-repositories.commits': repository,
    ...Object.fromEntries(
      Object.entries({
        list: {},
        get: ofKey,
        history: ofKey,
        set: { ...ofKey, value: 'postgres://none' },
        provide: { ...ofKey, value: 'postgres://none' },
        import: {
          environment: 'staging',
          entries: [{ key: 'DATABASE_URL', value: 'postgres://none' }],
        },
        reveal: { ...ofKey, reason: 'for the test' },
        'reveal-production': {
          ...{ ...ofKey, environment: 'production' },
          reason: 'for the test',
        },
        run: { environment: 'staging' },
        newest: { environment: 'staging' },
        lend: { environment: 'staging', keys: [ofKey.key], to: 'another' },
        diff: { from: 'staging', to: 'testing' },
        'diff-production': { from: 'staging', to: 'production' },
        restore: { ...ofKey, version: 1 },
        delete: ofKey,
        undelete: ofKey,
        rotate: ofKey,
        'set-rotation': { ...ofKey, everyDays: 30 },
        'plan-rotation': { ...ofKey, everyDays: 30 },
        'end-rotation': ofKey,
        rotations: {},
      }).map(([name, input]) => [
        `secrets.${name}`,
        { service: SERVICE, ...input },
      ]),
    ),
    'metrics.details': { key: 'frequency' },
    'metrics.dismiss': {
      ids: ['00000000-0000-4000-8000-000000000000'],
      reason: 'for the test',
    },
    'metrics.series': { key: 'frequency' },
    'metrics.adoption-series': { key: 'onboarding' },
    'metrics.adoption-details': { key: 'onboarding' },
    'metrics.export-adoption-csv': { key: 'onboarding' },
    'metrics.export-adoption-json': { key: 'onboarding' },
    'metrics.survey-answer': { ballot: 'none', score: 9 },
    'metrics.ingest': { service: SERVICE, events: [{}] },
    'sandbox.log': { server: 'vault' },
    'sandbox.build': { id: '1' },
    'sandbox.build-log': { id: '1' },
    'scaffolder.name-check': { name: 'new-service' },
    'scaffolder.preview': { templateRef: 'template:default/none', values: {} },
  };
}
