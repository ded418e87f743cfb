import {
  Deployment,
  DiagnosisVerdict,
  Drift,
  FiringAlert,
} from '@highroad/plugin-deployments-common';
import { Look } from '../drivers/cluster/Look';

/** All that a verdict is made from. */
export interface Facts {
  service: string;
  environment: string;
  now: Date;
  /** What there is in the cluster, or why that is not known */
  look: Look | { unknown: string };
  running?: Deployment;
  latest?: Deployment;
  drift?: Drift;
  /** Only those that are known to fire */
  alerts: FiringAlert[];
}

/** A verdict, with the container whose log tells more. */
export interface Finding extends DiagnosisVerdict {
  about?: { pod: string; container: string };
}

/** A service as people call it: `cart` for component:default/cart. */
export function shortName(service: string): string {
  return service.replace(/^component:(default\/)?/, '');
}
