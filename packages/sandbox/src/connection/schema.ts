import { nodeKindSchema } from '@highroad/plugin-sandbox-common';
import { z } from 'zod';

const port = z.number().int().min(1).max(65535);

/** Ports on this machine, chosen once and kept while they are free. */
export const portsSchema = z.object({
  supervisor: port,
  etcd: port,
  etcdPeer: port,
  kubernetes: port,
  controllerManager: port,
  scheduler: port,
  kwok: port,
  kubelet: port,
  kubeletHealth: port,
  kubeProxyHealth: port,
  dnsHealth: port,
  ingress: port,
  ingressSupport: port,
  rolloutsMetrics: port,
  rolloutsHealth: port,
  prometheus: port,
  vault: port,
  vaultCluster: port,
  registry: port,
  postgres: port,
  gitea: port,
  builder: port,
});
export type Ports = z.infer<typeof portsSchema>;

/**
 * Where each server of a sandbox is and how to get in. Addresses and credentials are settled before anything is
 * started, so that a portal can be configured with them and each part works as soon as its server answers.
 */
export const connectionSchema = z.object({
  version: z.literal(1),
  node: z.object({ kind: nodeKindSchema, why: z.string() }),
  ports: portsSchema,
  /** Token for the supervisor's own address */
  supervisorToken: z.string(),
  kubernetes: z.object({
    server: z.string().url(),
    /** Address that the API server listens on: loopback, or the bridge of a real node */
    host: z.string(),
    /** The authority's certificate, PEM */
    ca: z.string(),
    /** Member of system:masters */
    adminToken: z.string(),
    /** For the portal */
    portalToken: z.string(),
    /** Path of a kubeconfig with the admin's token */
    kubeconfig: z.string(),
    version: z.string(),
  }),
  ingress: z.object({
    /** Where to send requests; the host name in them says to which Ingress */
    address: z.string().url(),
    /** Host names under it lead to this machine */
    domain: z.string(),
  }),
  vault: z.object({
    address: z.string().url(),
    /** What the portal's roles sign in with is derived from these */
    roleId: z.string(),
    secretId: z.string(),
    /** Path of the file with the root token and the key that unseals, made by Vault on its first start */
    rootFile: z.string(),
    /** Whether pods sign in there by their tokens, by the method `kubernetes` */
    podsSignIn: z.boolean().default(false),
    /** The same Vault for pods; absent where no pod can reach it */
    addressFromPods: z.string().url().optional(),
  }),
  registry: z.object({
    /** Host and port, as they stand in an image's name */
    host: z.string(),
    address: z.string().url(),
  }),
  postgres: z.object({
    host: z.string(),
    port,
    user: z.string(),
    password: z.string(),
    url: z.string(),
    /** The same server for pods, at the same port; absent where no pod can reach it */
    hostFromPods: z.string().optional(),
  }),
  gitea: z.object({
    address: z.string().url(),
    /** Host and port, as they stand in a repository's address */
    host: z.string(),
    organization: z.string(),
    username: z.string(),
    password: z.string(),
    /** Signs the deliveries of webhooks */
    webhookSecret: z.string(),
  }),
  prometheus: z.object({ address: z.string().url() }),
});
export type Connection = z.infer<typeof connectionSchema>;
