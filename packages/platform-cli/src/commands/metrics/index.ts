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

export const metricsCommands: CommandDefinition[] = [
  showMetrics,
  showDetails,
  showAdoption,
  showSurveys,
  importMetrics,
  exportMetrics,
  showSources,
  showQuarantine,
  replayQuarantine,
  dismissQuarantine,
  recomputeMetrics,
  exampleHistory,
];
