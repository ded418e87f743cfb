import { CommandDefinition } from '../../command';
import { showAdoption } from './adoption';
import { showDetails } from './details';
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

export const metricsCommands: CommandDefinition[] = [
  showMetrics,
  showDetails,
  showAdoption,
  importMetrics,
  exportMetrics,
  showSources,
  showQuarantine,
  replayQuarantine,
  dismissQuarantine,
  recomputeMetrics,
];
