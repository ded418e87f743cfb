import { describeBuilds } from './support/describeBuilds';

describeBuilds('python', ['python', 'uv']);
