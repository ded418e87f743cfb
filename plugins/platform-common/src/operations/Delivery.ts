/**
 * What another system tells the portal by a webhook, declared once: the route, its check and its record come from it. It comes
 * without a sign-in, so nobody's rights count: it is taken if it is signed, and recorded and refused if not.
 */
export interface Delivery {
  /** Id of the plugin that takes it */
  plugin: string;
  /** Unique among all that the plugin serves; kebab-case */
  name: string;
  /** What it does, as a sentence that goes on from "Whoever can sign it may": `say that a pull request has changed` */
  summary: string;
  /** Under the plugin's address, such as `/v1/webhooks/:host`; always by POST */
  path: `/${string}`;
  /** Key of the configuration that holds the secrets: where to look when a signature does not fit */
  signedWith: string;
  /** What one that is refused is recorded as, such as `webhook`; the plugin's name is added */
  event: string;
  /** The most that is read of one, such as `5mb` */
  limit: string;
}

/** Declares a delivery. */
export function defineDelivery(delivery: Delivery): Delivery {
  return delivery;
}
