import fc from 'fast-check';
import { formatImageReference, parseImageReference } from './ImageReference';

const digest = `sha256:${'a'.repeat(64)}`;

describe('the name of an image', () => {
  it.each([
    ['nginx', 'docker.io', 'library/nginx', undefined, undefined],
    ['nginx:1.29', 'docker.io', 'library/nginx', '1.29', undefined],
    ['acme/cart:1', 'docker.io', 'acme/cart', '1', undefined],
    ['docker.io/nginx:1', 'docker.io', 'library/nginx', '1', undefined],
    ['index.docker.io/acme/cart:1', 'docker.io', 'acme/cart', '1', undefined],
    ['ghcr.io/acme/cart:v1.2.3', 'ghcr.io', 'acme/cart', 'v1.2.3', undefined],
    [`ghcr.io/acme/cart@${digest}`, 'ghcr.io', 'acme/cart', undefined, digest],
    ['localhost:5000/cart:1', 'localhost:5000', 'cart', '1', undefined],
    ['localhost/cart:1', 'localhost', 'cart', '1', undefined],
    [
      `127.0.0.1:5000/team/cart:1.2.3@${digest}`,
      '127.0.0.1:5000',
      'team/cart',
      '1.2.3',
      digest,
    ],
    ['git.acme.com/team/cart:1', 'git.acme.com', 'team/cart', '1', undefined],
    ['[::1]:5000/cart:1', '[::1]:5000', 'cart', '1', undefined],
    ['GHCR.IO/acme/cart:1', 'ghcr.io', 'acme/cart', '1', undefined],
  ])('%s is read with what it leaves out', (text, ...parts) => {
    const [registry, repository, tag, sum] = parts;
    expect(parseImageReference(text)).toEqual({
      registry,
      repository,
      ...(tag && { tag }),
      ...(sum && { digest: sum }),
    });
  });

  it.each([
    ['', 'path'],
    ['acme/Cart:1', 'path'],
    ['acme/../cart:1', 'path'],
    ['acme//cart', 'path'],
    ['cart:', 'tag'],
    ['cart:-x', 'tag'],
    ['cart:1?x=y', 'tag'],
    ['cart:1/../../x', 'path'],
    ['https://ghcr.io/acme/cart', 'host|path'],
    ['user:pass@ghcr.io/acme/cart', 'digest'],
    ['cart@sha256:123', 'digest'],
    [`cart@${digest}@${digest}`, 'two digests'],
    ['ghcr.io:99999999/cart', 'host'],
    [`${'a/'.repeat(300)}a`, 'too long'],
  ])('%j is refused, with what is wrong', (text, why) => {
    expect(() => parseImageReference(text)).toThrow(
      expect.objectContaining({
        name: 'InputError',
        message: expect.stringMatching(new RegExp(why)),
      }),
    );
  });

  it('is read back as it was written', () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    fc.assert(
      fc.property(
        fc.constantFrom('docker.io', 'ghcr.io', 'localhost:5000', 'a.b:1'),
        fc.array(word, { minLength: 2, maxLength: 4 }),
        fc.option(fc.stringMatching(/^\w[\w.-]{0,20}$/), { nil: undefined }),
        fc.constantFrom(undefined, digest),
        (registry, path, tag, sum) => {
          const image = {
            registry,
            repository: path.join('/'),
            ...(tag && { tag }),
            ...(sum && { digest: sum }),
          };
          expect(parseImageReference(formatImageReference(image))).toEqual(
            image,
          );
        },
      ),
    );
  });

  it('is either read or refused in words, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        let outcome: unknown = 'read';
        try {
          parseImageReference(text);
        } catch (error) {
          outcome = error instanceof Error && error.name;
        }
        expect(['read', 'InputError']).toContain(outcome);
      }),
    );
  });
});
