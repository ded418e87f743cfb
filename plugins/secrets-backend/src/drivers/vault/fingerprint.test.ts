import { SecretValue } from '@highroad/plugin-platform-common';
import { fingerprint, markOf, printIn } from './fingerprint';

const hmacKey = Buffer.alloc(32, 1);
const another = Buffer.alloc(32, 2);
const path = {
  ...{ service: 'component:default/cart', environment: 'production' },
  ...{ key: 'TOKEN', version: 1 },
};
const stored = { value: new SecretValue('guessed'), encoding: 'text' as const };

describe('what is kept of a value to compare it by', () => {
  const print = fingerprint(hmacKey, path, stored);

  it('says to who has the key which value it is, wherever that is kept', () => {
    for (const at of [path, { ...path, environment: 'staging', version: 7 }]) {
      const mark = markOf(hmacKey, at, print);
      expect(printIn(hmacKey, at, mark)).toBe(print);
      expect(mark.kept).toMatch(/^[0-9a-f]{16}$/);
    }
  });

  it('says nothing to others, also who sets the same value elsewhere', () => {
    const kept = [
      path,
      { ...path, environment: 'staging' },
      { ...path, version: 2 },
    ].map(at => markOf(hmacKey, at, print).kept);
    expect(new Set([...kept, print]).size).toBe(4);
  });

  it('is not compared with what was made with another key', () => {
    expect(
      printIn(another, path, markOf(hmacKey, path, print)),
    ).toBeUndefined();
    expect(printIn(hmacKey, path, undefined)).toBeUndefined();
  });
});
