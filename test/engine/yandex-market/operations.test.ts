/** Every documented operation of the Yandex Market node, in n8n's engine against the sandbox. */
import { walkFacts } from '../factsWalk';
import { walk } from './walk';

walkFacts(walk);
