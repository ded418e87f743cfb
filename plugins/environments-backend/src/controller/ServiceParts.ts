import { KubernetesObject } from '@highroad/plugin-platform-node/kubernetes';

/** What one service of an environment consists of. */
export interface ServiceParts {
  /** The Deployments whose pods it runs in; one at least */
  workloads: KubernetesObject[];
  /** What is there before them */
  others: KubernetesObject[];
  /** Its own image, as it is started */
  image: string;
  /** That and those of its other containers */
  images: string[];
  /** How many pods are wanted in all */
  replicas: number;
  /** Where people open it */
  url?: string;
  /** Whole commit of its manifests, where it has its own */
  commit?: string;
  /** What of its manifests a preview goes without, in sentences */
  notes: string[];
}
