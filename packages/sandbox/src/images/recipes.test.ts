import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { fullName, isLoopback, parseImageName } from './imageName';
import { recipeDigest, recipeFor } from './recipes';

describe('recipeFor', () => {
  it.each([
    'golang:1.26.8',
    'golang:1.26.8-bookworm',
    'node:24.21.0-trixie-slim',
    'python:3.13.18-slim-trixie',
    'postgres:17.6',
    'docker.io/library/redis:8',
    'debian:trixie-slim',
    'gcr.io/distroless/static:nonroot',
  ])('knows how to make %s', name => {
    expect(recipeFor(name)?.name).toBe(fullName(parseImageName(name)));
  });

  it.each([
    'golang:1.26.8-alpine',
    'golang:latest',
    'alpine:3.22',
    'postgres:9.6',
    'python:3.13-slim-bookworm',
    'registry.example.com/golang:1.26.8',
    'someone/node:24',
  ])('does not pretend to know %s', name => {
    expect(recipeFor(name)).toBeUndefined();
  });

  it('knows the database image that created services use', () => {
    const layer = parse(
      readFileSync(
        resolve(
          __dirname,
          '../../../../catalog-templates/service/skeleton/databases/postgres/layer.yaml',
        ),
        'utf8',
      ),
    );
    expect(recipeFor(layer.container.image)).toBeDefined();
  });
});

describe('recipeDigest', () => {
  const recipe = recipeFor('postgres:17.6')!;

  it('is the same for the same recipe', () => {
    expect(recipeDigest(recipeFor('postgres:17.6')!, ['a'])).toBe(
      recipeDigest(recipe, ['a']),
    );
  });

  it('changes with the recipe, its ingredients and what it is based on', () => {
    const digests = [
      recipeDigest(recipe, ['a']),
      recipeDigest(recipe, ['b']),
      recipeDigest({ ...recipe, dockerfile: `${recipe.dockerfile}#` }, ['a']),
      recipeDigest({ ...recipe, ingredients: [] }, ['a']),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });
});

describe('parseImageName', () => {
  it.each([
    ['golang', 'docker.io/library/golang:latest'],
    ['team/service:1', 'docker.io/team/service:1'],
    ['127.0.0.1:5000/team/service:1', '127.0.0.1:5000/team/service:1'],
    ['localhost/x', 'localhost/x:latest'],
    [`node:24@sha256:${'0'.repeat(64)}`, 'docker.io/library/node:24'],
  ])('reads %s as container tools do', (written, full) => {
    expect(fullName(parseImageName(written))).toBe(full);
  });

  it.each(['', 'UPPER:1', 'a b', 'x:-tag', '--from=x'])(
    'refuses %j',
    written => {
      expect(() => parseImageName(written)).toThrow('is not the name');
    },
  );

  it('tells registries of this machine from others', () => {
    expect(['127.0.0.1:5000', 'localhost:1'].every(isLoopback)).toBe(true);
    expect(
      ['ghcr.io', '127.example.com', '10.0.0.1:5000'].some(isLoopback),
    ).toBe(false);
  });
});
