/** What a container is doing, as the kubelet says. */
export interface ContainerFacts {
  name: string;
  ready: boolean;
  running: boolean;
  restarts: number;
  waiting?: { reason: string; message?: string };
  /** How it ended: this time if it has ended, else the last time */
  ended?: { reason: string; exitCode?: number; message?: string; at?: Date };
  memoryLimit?: string;
}

export interface PodFacts {
  name: string;
  phase: string;
  createdAt: Date;
  node?: string;
  ready: boolean;
  /** Why no node takes it */
  unschedulable?: string;
  /** Of the images of its containers, where these are pinned */
  digests: string[];
  containers: ContainerFacts[];
}

export interface WorkloadFacts {
  /** Deployment or Rollout */
  kind: string;
  name: string;
  wanted: number;
  ready: number;
  paused: boolean;
  /** Why pods cannot be made */
  refused?: string;
}

export interface EventFacts {
  at: Date;
  kind: string;
  name: string;
  reason: string;
  message: string;
  warning: boolean;
  count: number;
}

/** What there is of a service in a cluster. */
export interface Look {
  /** Whether its namespace is there */
  found: boolean;
  /** Without those that ran to their end */
  pods: PodFacts[];
  workloads: WorkloadFacts[];
  /** Newest first */
  events: EventFacts[];
}
