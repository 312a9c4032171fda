import { browserRecipe } from './browser-recipe.ts';
import { natsRecipe, redisRecipe } from './line-server-recipe.ts';
import type { Need } from './parse-request.ts';
import { postgresRecipe } from './postgres-recipe.ts';
import { provideService } from './provide-service.ts';
import { pythonRecipe } from './python-recipe.ts';
import { rabbitmqRecipe } from './rabbitmq-recipe.ts';
import { say } from './say.ts';
import type { ProvidedService, ServiceRecipe } from './service.ts';

export interface NamedService extends ProvidedService {
  readonly name: string;
  readonly variable: string;
}

const recipes: Readonly<Record<Need, ServiceRecipe>> = {
  rabbitmq: rabbitmqRecipe,
  postgres: postgresRecipe,
  python: pythonRecipe,
  redis: redisRecipe,
  nats: natsRecipe,
  browser: browserRecipe,
};

export async function provideServices(
  needs: readonly Need[],
  interruption: AbortSignal,
): Promise<readonly NamedService[]> {
  const outcomes = await Promise.allSettled(needs.map(need => provideNamed(recipes[need], interruption)));
  const services = outcomes.flatMap(outcome => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failures = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (failures.length === 0 && !interruption.aborted) return services;
  await stopServices(services);
  interruption.throwIfAborted();
  throw new Error(failures.map(failure => failure.message).join('\n\n'));
}

export async function stopServices(services: readonly NamedService[]): Promise<void> {
  await Promise.all(services.map(stopNamed));
}

async function provideNamed(recipe: ServiceRecipe, interruption: AbortSignal): Promise<NamedService> {
  const service = await provideService(recipe, interruption);
  say(`${recipe.name}: ${service.how}`);
  return { ...service, name: recipe.name, variable: recipe.variable };
}

async function stopNamed(service: NamedService): Promise<void> {
  const ended = await service.stop().catch(String);
  if (ended) say(`${service.name}: ${ended}`);
}
