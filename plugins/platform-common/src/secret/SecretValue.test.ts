import { JsonObject, JsonValue } from '@backstage/types';
import { inspect } from 'node:util';
import { SecretValue, secretText } from './SecretValue';

const word = 'correct horse battery staple';
const secret = new SecretValue(word);

describe('SecretValue', () => {
  it('does not show its value in text, JSON or print', () => {
    const shown = [
      `${secret}`,
      String(secret),
      `${'' as string}${secret}`,
      JSON.stringify({ secret, list: [secret] }),
      inspect({ deep: { secret } }, { showHidden: true, depth: 9 }),
      Object.values(secret).join(),
      Object.getOwnPropertyNames(secret).join(),
    ];
    expect(shown.join()).not.toContain(word);
    expect(secret.reveal()).toBe(word);
  });

  it('is refused by the compiler where JSON is wanted', () => {
    // @ts-expect-error a secret is no JSON
    const value: JsonValue = secret;
    // @ts-expect-error nor is what holds one
    const holder: JsonObject = { secret };
    // @ts-expect-error nor a list of them
    const list: JsonObject = { secrets: [secret] };
    expect([value, holder, list]).toHaveLength(3);
  });

  it('is what a schema makes of text, with the checks of that text', () => {
    expect(secretText().parse(word).reveal()).toBe(word);
    expect(secretText().safeParse(7).success).toBe(false);
  });
});
