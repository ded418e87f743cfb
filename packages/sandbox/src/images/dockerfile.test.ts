import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { basesOf } from './dockerfile';
import { recipeFor } from './recipes';

const SKELETON = resolve(
  __dirname,
  '../../../../catalog-templates/service/skeleton/languages',
);

describe('basesOf', () => {
  it('leaves out scratch and stages of its own', () => {
    const bases = basesOf(`
# syntax=docker/dockerfile:1
FROM golang:1.26.8 AS Build
RUN go build
FROM build AS tested
FROM scratch
COPY --from=build /out /out
COPY --from=1 /a /a
`);
    expect(bases).toEqual({
      images: ['golang:1.26.8'],
      first: 'golang:1.26.8',
    });
  });

  it('takes images that only files are copied or mounted from', () => {
    expect(
      basesOf(`FROM --platform=linux/amd64 debian:trixie
COPY --from=registry.example.com:5000/tools:2 \\
  /bin/tool /bin/
RUN --mount=type=bind,from=busybox:1,target=/x true`).images,
    ).toEqual([
      'debian:trixie',
      'registry.example.com:5000/tools:2',
      'busybox:1',
    ]);
  });

  it('puts values in for arguments, and a given value before the default', () => {
    const text =
      'ARG GO=1.26\nARG BASE="golang:$GO"\nFROM ${BASE:-other}\nARG LATE=1';
    expect(basesOf('ARG GO=1.26\nFROM golang:${GO}').images).toEqual([
      'golang:1.26',
    ]);
    expect(
      basesOf('ARG GO=1.26\nFROM golang:${GO}', { GO: '1.27' }).images,
    ).toEqual(['golang:1.27']);
    expect(basesOf('FROM ${IMAGE:-node:24}').first).toBe('node:24');
    expect(basesOf(text).images).toEqual(['golang:1.26']);
  });

  it('names the argument without which no image can be known', () => {
    expect(() => basesOf('ARG IMAGE\nFROM $IMAGE')).toThrow(
      /names no image without a value for IMAGE/,
    );
  });

  it.each(
    readdirSync(SKELETON, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(entry => entry.name),
  )('finds bases that can be made here in the Dockerfile for %s', language => {
    const { images } = basesOf(
      readFileSync(join(SKELETON, language, 'common/Dockerfile'), 'utf8'),
    );
    expect(images.length).toBeGreaterThan(0);
    for (const image of images) expect(recipeFor(image)).toBeDefined();
  });
});
