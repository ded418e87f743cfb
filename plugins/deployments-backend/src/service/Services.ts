/** What deploying needs to know of a service. */
export interface ServiceFacts {
  /** Reference in the catalog */
  ref: string;
  name: string;
  /** Reference of its owner */
  owner?: string;
  /** Image without tag */
  image: string;
  /** Address of its repository; none where it was registered from somewhere else */
  repository?: string;
  annotations: Record<string, string>;
}

/** Services, as the catalog knows them. */
export interface Services {
  /** @throws NotFoundError that says what to do, if it is not there or lacks what deploying needs */
  get(ref: string): Promise<ServiceFacts>;
}
