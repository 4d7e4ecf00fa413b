/** Every documented operation of the Inspector Cloud node, in n8n's engine against the sandbox. */
import { walkFacts } from '../factsWalk';
import { walk } from './walk';

walkFacts(walk);
