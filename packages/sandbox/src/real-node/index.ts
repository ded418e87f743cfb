import { containerd } from './containerd';
import { dns } from './dns';
import { kubelet } from './kubelet';
import { kubeProxy } from './kubeProxy';

export { bridge } from './bridge';
export { ingress } from './ingress';

/** A real node beside its network, which has to be there before the API server; each after what it needs. */
export const realNode = [containerd, kubelet, kubeProxy, dns];
