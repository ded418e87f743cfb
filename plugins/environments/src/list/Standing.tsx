import { Link } from '@backstage/core-components';
import Typography from '@mui/material/Typography';
import { Section } from '../parts/Section';

/** The places that stay, which deployments go to. */
export function Standing({
  places,
}: {
  places: { name: string; production: boolean; cluster?: string }[];
}) {
  if (places.length === 0) return null;
  return (
    <Section title="Standing">
      <Typography component="ul" sx={{ fontSize: 14, m: 0, pl: 2.5 }}>
        {places.map(({ name, production, cluster }) => (
          <li key={name}>
            {name}
            {production && ' (production)'}
            {cluster && `, on ${cluster}`}
          </li>
        ))}
      </Typography>
      <Typography color="text.secondary" sx={{ fontSize: 14, mt: 0.5 }}>
        They stay. <Link to="/deployments">What runs there</Link>
      </Typography>
    </Section>
  );
}
