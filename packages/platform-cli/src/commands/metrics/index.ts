import { CommandDefinition } from '../../command';
import { showAdoption } from './adoption';
import { showDetails } from './details';
import { exampleHistory } from './example';
import { exportMetrics } from './export';
import { importMetrics } from './import';
import {
  dismissQuarantine,
  replayQuarantine,
  showQuarantine,
} from './quarantine';
import { recomputeMetrics } from './recompute';
import { showMetrics } from './show';
import { showSources } from './sources';
import { showSurveys } from './surveys';

/** What goes wrong leads to the page about what was asked for. */
const pages: Array<[runbook: string, commands: CommandDefinition[]]> = [
  ['metrics-numbers', [showMetrics, showDetails, showAdoption, exportMetrics]],
  ['metrics-survey', [showSurveys]],
  [
    'metrics-quarantine',
    [importMetrics, showQuarantine, replayQuarantine, dismissQuarantine],
  ],
  ['metrics-source-stale', [showSources]],
  ['metrics-recompute', [recomputeMetrics]],
  ['metrics-example', [exampleHistory]],
];

export const metricsCommands = pages.flatMap(([runbook, commands]) =>
  commands.map((command): CommandDefinition => ({ ...command, runbook })),
);
