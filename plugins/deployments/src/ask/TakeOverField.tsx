import { Place } from '../board/board';
import { CheckField } from './CheckField';

/**
 * Whether applying manifests there may be refused, since somebody else manages what these say: it was seen that it was
 * changed by hand, or the last try was refused for it.
 */
export function needsTakeOver(place: Place | undefined): boolean {
  if (!place) return false;
  const { drift, latest } = place;
  return latest?.refusal === 'field-conflict' || drift?.state === 'differs';
}

/** Offers to take what others manage, where it is refused otherwise. */
export function TakeOverField(props: {
  place: Place | undefined;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  const { place, checked, onChange } = props;
  if (!place || !needsTakeOver(place)) return null;
  return (
    <CheckField
      label="Take over what somebody else changed"
      help={`Something in ${place.environment} was changed by hand, or another program manages it. Where the manifests say it too, it is refused, unless it becomes what they say. What is taken stands with the step.`}
      {...{ checked, onChange }}
    />
  );
}
