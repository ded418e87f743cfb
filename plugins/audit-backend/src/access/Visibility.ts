import {
  AuthorizeResult,
  PermissionCriteria,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  ConditionTransformer,
  isAndCriteria,
  isNotCriteria,
  isOrCriteria,
} from '@backstage/plugin-permission-node';
import { VisibilityTerm } from './auditRecordResource';
import { OwnedServices } from './OwnedServices';

/** Which records may be seen, as a query can ask for it. */
export type Visible =
  | 'all'
  | 'none'
  | { allOf: Visible[] }
  | { anyOf: Visible[] }
  | { not: Visible }
  | { column: 'service' | 'actor'; oneOf: string[] };

/** Finds out which records a decision lets somebody see. */
export class Visibility {
  readonly #transform: ConditionTransformer<VisibilityTerm>;
  readonly #owned: OwnedServices;

  constructor(options: {
    transform: ConditionTransformer<VisibilityTerm>;
    owned: OwnedServices;
  }) {
    this.#transform = options.transform;
    this.#owned = options.owned;
  }

  /** What a decision means. Only a plain ALLOW shows all. */
  async by(decision: PolicyDecision): Promise<Visible> {
    if (decision.result === AuthorizeResult.ALLOW) return 'all';
    if (decision.result !== AuthorizeResult.CONDITIONAL) return 'none';
    return this.#resolve(this.#transform(decision.conditions));
  }

  async #resolve(
    criteria: PermissionCriteria<VisibilityTerm>,
  ): Promise<Visible> {
    const each = (list: PermissionCriteria<VisibilityTerm>[]) =>
      Promise.all(list.map(one => this.#resolve(one)));
    if (isAndCriteria(criteria)) return { allOf: await each(criteria.allOf) };
    if (isOrCriteria(criteria)) return { anyOf: await each(criteria.anyOf) };
    if (isNotCriteria(criteria)) {
      return { not: await this.#resolve(criteria.not) };
    }
    if ('actors' in criteria) {
      return { column: 'actor', oneOf: criteria.actors };
    }
    const oneOf =
      'services' in criteria
        ? criteria.services
        : await this.#owned.of(criteria.ownedBy);
    return { column: 'service', oneOf };
  }
}
