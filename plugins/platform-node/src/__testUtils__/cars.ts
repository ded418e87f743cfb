import { createPermission } from '@backstage/plugin-permission-common';
import { defineOperation, secretText } from '@highroad/plugin-platform-common';
import { z } from 'zod';

export const drivePermission = createPermission({
  name: 'platform.car.drive',
  attributes: { action: 'update' },
  resourceType: 'catalog-entity',
});
export const noisePermission = createPermission({
  name: 'platform.car.noise',
  attributes: { action: 'update' },
  resourceType: 'catalog-entity',
});
export const carReadPermission = createPermission({
  name: 'platform.car.read',
  attributes: { action: 'read' },
  resourceType: 'car',
});

const ref = z.string().min(3).max(100);

/** A plugin of cars, which belong to services. Small, but with each kind of operation. */
export const carOperations = {
  list: defineOperation({
    plugin: 'cars',
    name: 'list',
    summary: 'list cars',
    http: { method: 'GET', path: '/v1/cars' },
    input: z.object({
      colour: z.array(z.enum(['red', 'blue'])).optional(),
      limit: z.number().int().min(1).max(50).default(10),
      electric: z.boolean().optional(),
    }),
    output: z.object({ items: z.array(z.string()), asked: z.unknown() }),
    access: {
      permission: carReadPermission,
      filtered: services => ({
        rule: 'IS_OF_SERVICE',
        resourceType: 'car',
        params: { services },
      }),
    },
    audit: 'no-effect',
    action: {
      name: 'list',
      title: 'List cars',
      description: 'All cars',
      examples: [{ title: 'The red ones', input: { colour: ['red'] } }],
    },
  }),
  drive: defineOperation({
    plugin: 'cars',
    name: 'drive',
    summary: 'drive a car',
    http: { method: 'POST', path: '/v1/cars/:service/drives' },
    input: z.object({
      service: ref,
      environment: z.string(),
      key: secretText(),
      reason: z.string().optional(),
    }),
    output: z.object({ driven: z.string() }),
    access: { permission: drivePermission },
    plugins: ['garage'],
    audit: { event: 'drive', severity: 'by-environment' },
    target: ({ service, environment }) => ({ service, environment }),
  }),
  boot: defineOperation({
    plugin: 'cars',
    name: 'boot',
    summary: 'open the boot of a car',
    http: { method: 'POST', path: '/v1/boots' },
    input: z.object({
      service: ref,
      key: z.string().regex(/^[A-Z_]+$/, 'use capitals'),
      code: secretText(z.string().max(20, 'it is too long')),
      size: z.enum(['small', 'large']).default('small'),
    }),
    output: z.object({}),
    access: { permission: drivePermission },
    audit: { event: 'boot', severity: 'critical' },
    target: ({ service }) => ({ service }),
    action: { name: 'boot', title: 'Open the boot', description: 'Wide' },
  }),
  horn: defineOperation({
    plugin: 'cars',
    name: 'horn',
    summary: 'sound the horn',
    http: { method: 'POST', path: '/v1/horn' },
    input: z.object({ service: ref }),
    output: z.object({ sound: z.string() }),
    access: { permission: drivePermission, also: [noisePermission] },
    audit: { event: 'horn', severity: 'medium' },
    target: ({ service }) => ({ service }),
    action: { name: 'horn', title: 'Sound the horn', description: 'Loud' },
  }),
  trip: defineOperation({
    plugin: 'cars',
    name: 'trip',
    summary: 'follow a trip',
    http: {
      method: 'GET',
      path: '/v1/trip',
      streams: 'application/x-ndjson; charset=utf-8',
      live: true,
    },
    input: z.object({}),
    output: z.string(),
    access: 'signed-in',
    audit: 'no-effect',
  }),
  log: defineOperation({
    plugin: 'cars',
    name: 'log',
    summary: 'read the log of drives',
    http: {
      method: 'GET',
      path: '/v1/log',
      streams: 'application/x-ndjson',
    },
    input: z.object({ broken: z.boolean().optional() }),
    output: z.string(),
    access: 'signed-in',
    audit: { event: 'log-read', severity: 'medium' },
  }),
};
