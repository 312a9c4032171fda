import type { ProvidedService, ServiceRecipe, ServiceSource, SourceKind } from './service.ts';

const kinds: readonly SourceKind[] = ['found', 'private', 'install', 'docker'];

export async function provideService(
  recipe: ServiceRecipe,
  interruption: AbortSignal,
): Promise<ProvidedService> {
  const refusals: string[] = [];
  for (const source of allowedSources(recipe.sources)) {
    interruption.throwIfAborted();
    const attempt = await source.provide(interruption);
    if (attempt.kind === 'provided') return (await recipe.refine?.(attempt)) ?? attempt;
    refusals.push(`  ${source.kind}: ${attempt.why}`);
  }
  throw new Error([`Cannot provide ${recipe.name}:`, ...refusals, recipe.advice()].join('\n'));
}

/** A service that has no source of the chosen kind, as Python has none in Docker, keeps all it has. */
function allowedSources(sources: readonly ServiceSource[]): readonly ServiceSource[] {
  const choice = chosenKind(process.env.LIVE_WORKER_SERVICES);
  const allowed = sources.filter(source => source.kind === choice);
  return allowed.length > 0 ? allowed : sources;
}

function chosenKind(word: string | undefined): SourceKind | undefined {
  if (!word) return undefined;
  const kind = kinds.find(known => known === word);
  if (kind === undefined) {
    throw new Error(`Cannot use LIVE_WORKER_SERVICES "${word}": it is one of ${kinds.join(', ')}`);
  }
  return kind;
}
