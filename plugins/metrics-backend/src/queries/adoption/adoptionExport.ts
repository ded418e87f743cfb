import { AdoptionDetail } from '@highroad/plugin-metrics-common';
import { ColumnsOf } from '../exportColumns';

export const adoptionColumns: ColumnsOf<AdoptionDetail> = [
  ['service', row => row.service],
  ['owner', row => row.owner],
  ['environment', row => row.environment],
  ['at', row => row.at],
  ['deployment', row => row.deployment?.id],
  ['version', row => row.deployment?.version],
  ['tickets_before', row => row.ticketCounts?.before],
  ['tickets_after', row => row.ticketCounts?.after],
  ['counts', row => row.counts],
  ['why', row => row.why],
  ['example', row => row.example],
  ['url', row => row.deployment?.url],
];
