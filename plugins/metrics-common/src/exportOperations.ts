import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { buckets } from './day';
import { metricsReadPermission } from './permissions';
import { scopeInput } from './scopeInput';

const plugin = 'metrics';
const read = {
  access: { permission: metricsReadPermission, filtered: true },
  audit: 'no-effect',
} as const;
const csv = 'text/csv; charset=utf-8';
const jsonLines = 'application/x-ndjson; charset=utf-8';
const seriesInput = scopeInput.extend({
  bucket: z.enum(buckets).default('week'),
});

/** What can be taken away, besides what adoption is taken from. */
export const exported = [
  'deployments',
  'changes',
  'incidents',
  'numbers',
] as const;
export type Exported = (typeof exported)[number];

/** What the numbers were taken from, and the numbers themselves, to be kept elsewhere. */
export const exportOperations = {
  exportCsv: defineOperation({
    plugin,
    name: 'export-csv',
    summary: 'take the deployments behind the numbers away as a table',
    http: { method: 'GET', path: '/v1/export/deployments.csv', streams: csv },
    input: scopeInput,
    output: z.string(),
    ...read,
  }),
  exportJson: defineOperation({
    plugin,
    name: 'export-json',
    summary: 'take the deployments behind the numbers away as JSON lines',
    http: {
      ...{ method: 'GET', path: '/v1/export/deployments.jsonl' },
      streams: jsonLines,
    },
    input: scopeInput,
    output: z.string(),
    ...read,
  }),
  exportChangesCsv: defineOperation({
    plugin,
    name: 'export-changes-csv',
    summary: 'take the changes behind the lead time away as a table',
    http: { method: 'GET', path: '/v1/export/changes.csv', streams: csv },
    input: scopeInput,
    output: z.string(),
    ...read,
  }),
  exportChangesJson: defineOperation({
    plugin,
    name: 'export-changes-json',
    summary: 'take the changes behind the lead time away as JSON lines',
    http: {
      ...{ method: 'GET', path: '/v1/export/changes.jsonl' },
      streams: jsonLines,
    },
    input: scopeInput,
    output: z.string(),
    ...read,
  }),
  exportIncidentsCsv: defineOperation({
    plugin,
    name: 'export-incidents-csv',
    summary: 'take the incidents behind the time to restore away as a table',
    http: { method: 'GET', path: '/v1/export/incidents.csv', streams: csv },
    input: scopeInput,
    output: z.string(),
    ...read,
  }),
  exportIncidentsJson: defineOperation({
    plugin,
    name: 'export-incidents-json',
    summary: 'take the incidents behind the time to restore away as JSON lines',
    http: {
      ...{ method: 'GET', path: '/v1/export/incidents.jsonl' },
      streams: jsonLines,
    },
    input: scopeInput,
    output: z.string(),
    ...read,
  }),
  exportNumbersCsv: defineOperation({
    plugin,
    name: 'export-numbers-csv',
    summary: 'take the numbers of delivery over time away as a table',
    http: { method: 'GET', path: '/v1/export/numbers.csv', streams: csv },
    input: seriesInput,
    output: z.string(),
    ...read,
  }),
  exportNumbersJson: defineOperation({
    plugin,
    name: 'export-numbers-json',
    summary: 'take the numbers of delivery over time away as JSON lines',
    http: {
      ...{ method: 'GET', path: '/v1/export/numbers.jsonl' },
      streams: jsonLines,
    },
    input: seriesInput,
    output: z.string(),
    ...read,
  }),
};

/** Which operation gives what, as a table or as lines of JSON. */
export const exportOperationOf = {
  deployments: {
    csv: exportOperations.exportCsv,
    jsonl: exportOperations.exportJson,
  },
  changes: {
    csv: exportOperations.exportChangesCsv,
    jsonl: exportOperations.exportChangesJson,
  },
  incidents: {
    csv: exportOperations.exportIncidentsCsv,
    jsonl: exportOperations.exportIncidentsJson,
  },
  numbers: {
    csv: exportOperations.exportNumbersCsv,
    jsonl: exportOperations.exportNumbersJson,
  },
} as const;
