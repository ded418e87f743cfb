import { CommandDefinition } from '../../command';
import { exportMetrics } from './export';
import { importMetrics } from './import';
import { recomputeMetrics } from './recompute';
import { showMetrics } from './show';
import { showSources } from './sources';

export const metricsCommands: CommandDefinition[] = [
  showMetrics,
  importMetrics,
  exportMetrics,
  showSources,
  recomputeMetrics,
];
