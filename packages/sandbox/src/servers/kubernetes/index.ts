import { apiserver } from './apiserver';
import { cluster } from './cluster';
import { controllerManager, scheduler } from './controllers';
import { etcd } from './etcd';
import { kwok } from './kwok';

/** Each after what it needs. */
export const controlPlane = [
  etcd,
  apiserver,
  controllerManager,
  scheduler,
  cluster,
  kwok,
];
