import { LedgerRecord } from '../record/LedgerRecord';
import { eventNameOf } from './eventNameOf';
import { actorRefOf, serviceRefOf } from './references';
import { sentence, whoText } from './words';

const record: LedgerRecord = {
  v: 1,
  seq: 7,
  hash: '0'.repeat(64),
  id: '01932c07-5b1f-7c3e-8a55-0123456789ab',
  at: '2026-01-31T12:00:00.000Z',
  plugin: 'deployments',
  event: 'version-deploy',
  severity: 'critical',
  phase: 'outcome',
  outcome: 'failed',
  actor: { kind: 'user', ref: 'user:default/jonas.lind' },
  door: 'cli',
  service: 'component:default/payment-service',
  environment: 'production',
};

describe('a record in words', () => {
  it('reads as a sentence', () => {
    expect(sentence(record)).toBe(
      'jonas.lind version deploy (deployments) of payment-service in production by the command line: failed',
    );
    expect(
      sentence({
        ...record,
        plugin: 'audit',
        event: 'verify',
        phase: 'intent',
        outcome: undefined,
        service: undefined,
        environment: undefined,
        door: 'portal',
      }),
    ).toBe('jonas.lind verified the records in the portal: not ended');
  });

  it('says first that it is not what was sealed', () => {
    const message = 'Record 7 was changed.';
    expect(
      sentence({ ...record, suspect: { kind: 'changed', message } }),
    ).toMatch(/^suspect: changed\. It says: jonas\.lind .*: failed$/);
    expect(
      sentence({ ...record, suspect: { kind: 'recomputed', message } }),
    ).toMatch(/^suspect: not sealed by the ledger\. It says: /);
  });

  it.each([
    ['user', 'user:default/anna', 'anna'],
    ['user', 'user:acme/anna', 'acme/anna'],
    ['service', 'plugin:catalog', 'the catalog'],
    ['service', 'ci-cart', 'token ci-cart'],
    ['none', 'nobody', 'nobody'],
  ] as const)('names a %s %s as "%s"', (kind, ref, name) => {
    expect(whoText({ actor: { kind, ref } })).toBe(name);
  });

  it.each([
    ['anna', 'user:default/anna', 'anna'],
    ['Jonas.Lind', 'user:default/jonas.lind', 'Jonas.Lind'],
    ['acme/anna', 'user:acme/anna', 'acme/anna'],
    ['user:anna', 'user:default/anna', 'user:default/anna'],
    ['User:Acme/Anna', 'user:acme/anna', 'user:acme/anna'],
    ['plugin:catalog', 'plugin:catalog', 'plugin:catalog'],
    ['token:CI-cart', 'CI-cart', 'CI-cart'],
    ['external:ci:Cart', 'external:ci:Cart', 'external:ci:Cart'],
    [':', ':', ':'],
  ])('finds %s by %s, or by %s for programs', (written, person, program) => {
    expect(actorRefOf(written, 'person')).toBe(person);
    expect(actorRefOf(written, 'program')).toBe(program);
    expect(actorRefOf(person, 'program')).toBe(person);
  });

  it.each([
    ['Cart', 'component:default/cart'],
    ['team-a/cart', 'component:team-a/cart'],
    ['component:cart', 'component:default/cart'],
    ['API:Shop/Cart', 'api:shop/cart'],
    ['cart/', 'cart/'],
  ])('finds the service %s by %s', (written, ref) => {
    expect(serviceRefOf(written)).toBe(ref);
    expect(serviceRefOf(ref)).toBe(ref);
  });
});

it.each([
  ['Secrets.Reveal', 'secrets.reveal'],
  ['revealed a secret', 'secrets.reveal'],
  ['Began a creation', 'scaffolder.task'],
  ['own-plugin.entityFetch', 'own-plugin.entityFetch'],
])('what happened, written %s, is recorded as %s', (written, name) => {
  expect(eventNameOf(written)).toBe(name);
});
