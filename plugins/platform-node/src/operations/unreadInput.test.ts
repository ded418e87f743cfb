import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { drivePermission } from '../__testUtils__/cars';
import { namedIn } from './unreadInput';

const text = z.string().min(1);
const compare = defineOperation({
  plugin: 'cars',
  name: 'compare',
  summary: 'compare cars',
  http: { method: 'POST', path: '/v1/comparisons/:environment' },
  input: z.object({
    ...{ service: text, environment: text, from: text, to: text, key: text },
    ...{ reason: text, limit: z.number() },
  }),
  output: z.object({}),
  access: { permission: drivePermission },
  audit: { event: 'compare', severity: 'critical' },
});
const isEnvironment = (name: string) => ['staging', 'live'].includes(name);
const named = (input: unknown) => namedIn(compare, input, isEnvironment);
const VALUE = 'sk_live_51HvalueInTheWrongField00';

describe('what a record says of an input that is refused', () => {
  it('is which service, environments and key it names', () => {
    expect(
      named({
        ...{ service: 'Component:Cart', environment: 'staging', limit: 'x' },
        ...{ from: 'staging', to: 'live', key: 'DATABASE_URL' },
      }),
    ).toEqual({
      context: { service: 'component:default/cart', environment: 'staging' },
      detail: { key: 'DATABASE_URL', from: 'staging', to: 'live' },
      hasPlainPath: true,
    });
  });

  it.each([
    ...['service', 'environment', 'from', 'to', 'key', 'reason', 'other'],
  ])('is nothing of a value that was written into %s', field => {
    for (const value of [VALUE, `admin:${VALUE}`, `component:${VALUE}:x`]) {
      const told = named({ [field]: value });
      expect(JSON.stringify(told)).not.toContain(VALUE);
      expect(told.hasPlainPath).toBe(false);
    }
  });

  it.each([
    ['environment', 'hunter2'],
    ['from', 'hunter2'],
    ['service', 'hunter2'],
    ['service', 'admin:hunter2'],
    ['key', 'hunter/2'],
  ])('is nothing of what is no %s: %s', (field, value) => {
    expect(named({ [field]: value })).toMatchObject({
      ...{ context: {}, detail: {} },
    });
  });

  it('is nothing of what is no object', () => {
    expect(named(VALUE)).toMatchObject({ context: {}, detail: {} });
  });
});
