import { describeBuilds } from './support/describeBuilds';

describeBuilds('go', ['go']);
