export interface Config {
  platform?: {
    /** Where "Create Component" puts what it makes. */
    create?: {
      /** The Git host taken when nobody chooses: a host under `integrations`, or `local`. Default: the first that is connected. */
      gitHost?: string;
      /** The organisation or user whose repositories are created. Default: the name of the owning team. */
      gitOwner?: string;
      /** What comes before the service's name in its image, `ghcr.io/acme`. Default: by the Git host. */
      imagePrefix?: string;
      /** What comes before the service's name in the module path of a Go service, `go.acme.com`. Default: by the Git host. */
      modulePrefix?: string;
      /** What the hosts of services end in, `apps.acme.com`. Default: `example.com`. */
      domain?: string;
      /** What splits the traffic of new services' canaries: `nginx`, an ingress that reads the canary annotations of ingress-nginx. Default: nothing, and a canary's share is that of its pods. */
      canaryRouter?: 'nginx';
    };
  };
}
