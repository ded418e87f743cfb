import { AuditActor } from './AuditContext';
import { doorOf } from './doorOf';

const PERSON: AuditActor = { kind: 'user', ref: 'user:default/ann' };
const TOKEN: AuditActor = { kind: 'service', ref: 'ci-cart' };
const NOBODY: AuditActor = { kind: 'none', ref: 'nobody' };

describe('the door of a request', () => {
  it.each<[string, Record<string, string>, AuditActor, string]>([
    ['our command', { 'x-highroad-door': 'cli' }, PERSON, 'cli'],
    ['our command with a token', { 'x-highroad-door': 'cli' }, TOKEN, 'cli'],
    ['a browser', { 'sec-fetch-site': 'same-origin' }, PERSON, 'portal'],
    ['a person’s program in Node', { 'sec-fetch-mode': 'cors' }, PERSON, 'api'],
    ['a machine’s program in Node', { 'sec-fetch-mode': 'cors' }, TOKEN, 'api'],
    ['a token in a browser', { 'sec-fetch-site': 'none' }, TOKEN, 'api'],
    ['nobody', { 'sec-fetch-site': 'none' }, NOBODY, 'api'],
    ['one that claims more', { 'x-highroad-door': 'system' }, PERSON, 'api'],
    ['one that says nothing', {}, TOKEN, 'api'],
  ])('of %s', (_, headers, actor, door) => {
    expect(doorOf({ get: name => headers[name] }, actor)).toBe(door);
  });
});
