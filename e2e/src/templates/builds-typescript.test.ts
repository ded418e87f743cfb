import { describeBuilds } from './support/describeBuilds';

describeBuilds('typescript', ['node24']);
