/** Where a deployment of this platform has a page of its own. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Where more is to be seen of a deployment: where its source says, or on its own page; nothing where it has neither. */
export function linkOf({
  id,
  url,
}: {
  id: string;
  url?: string;
}): string | undefined {
  return url ?? (UUID.test(id) ? `/deployments/${id}` : undefined);
}
