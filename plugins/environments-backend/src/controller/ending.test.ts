import {
  environmentSpecSchema,
  environmentStatusSchema,
  KEEP_LABEL,
} from '@highroad/plugin-environments-common';
import { EnvironmentResource } from '../service/EnvironmentResources';
import { isKept } from '../service/lifetimeEnd';
import { parsePreviewSettings } from '../service/PreviewSettings';
import { endOf, warningsOf } from './ending';

const NOW = new Date('2026-03-01T12:00:00Z');
const settings = parsePreviewSettings({ namespace: 'environments' });

function resource(
  home: string,
  keep: { label?: boolean; manifest?: boolean },
): EnvironmentResource {
  return {
    ...{ name: 'demo', home, uid: '1', finalizers: [], annotations: {} },
    ...{ generation: 1, resourceVersion: '7', createdAt: NOW },
    labels: keep.label ? { [KEEP_LABEL]: 'true' } : {},
    spec: environmentSpecSchema.parse({
      ...{ type: 'preview', ttl: '7d', keep: keep.manifest },
      services: [{ name: 'api', image: 'myorg/api:1' }],
    }),
    status: environmentStatusSchema.parse({}),
  };
}

describe('an environment that asks to be kept', () => {
  it.each([{ label: true }, { manifest: true }])(
    'by %j ends by its time in a team’s namespace, where the cluster asks nobody whether they may',
    keep => {
      const one = resource('team-shop', keep);
      const end = endOf(one, settings, NOW, false);
      expect(end).toMatchObject({
        expiresAt: new Date('2026-03-08T12:00:00Z'),
        keepRefused: true,
      });
      expect(warningsOf(one, end, settings, NOW)).toEqual([
        expect.stringMatching(/^It asks to be kept, and is not: .*Make it in/),
      ]);
      // All others read that from its status.
      const told = { ...one.status, keepRefused: true as const };
      expect(isKept({ ...one, status: told })).toBe(false);
    },
  );

  it('is kept where the cluster asks, also if it was refused before, and in the platform’s own namespace', () => {
    const asked = resource('team-shop', { label: true });
    const refused = { ...asked.status, keepRefused: true as const };
    for (const [one, isPoliced] of [
      [{ ...asked, status: refused }, true],
      [resource('environments', { label: true }), false],
    ] as const) {
      const end = endOf(one, settings, NOW, isPoliced);
      expect(end.expiresAt).toBeUndefined();
      expect(end.keepRefused).toBeUndefined();
      expect(warningsOf(one, end, settings, NOW)).toEqual([]);
    }
  });
});
