import { types } from 'node:util';
import { describeGiven } from '../describe-given.ts';
import type { Mistake } from '../mistake.ts';
import { optionsKey } from '../options-key.ts';
import { isObject } from '../schema/container-schemas.ts';
import { ownReporter } from './own-reporter.ts';

/** What `withLiveWorkers()` cannot add to; Jest itself checks the rest. */
export function checkJestConfig(config: unknown): readonly Mistake[] {
  if (!isObject(config) || types.isPromise(config)) {
    const given = types.isPromise(config) ? 'a promise' : describeOther(config);
    return [{ path: 'jestConfig', given, wanted: 'a Jest configuration: an object' }];
  }
  return [
    ...mistakesOfProjects(config.projects),
    ...mistakesOfEnvironment(config.testEnvironment),
    ...mistakesOfEnvironmentOptions(config.testEnvironmentOptions),
    ...mistakesOfReporters(config.reporters),
  ];
}

export function checkConfigPlace(place: unknown): readonly Mistake[] {
  const wanted = 'nothing, or { project: true }';
  if (!isObject(place)) return [{ path: 'the third parameter', given: describeOther(place), wanted }];
  const unknown = Object.keys(place).find(key => key !== 'project');
  if (unknown !== undefined) return [{ path: 'the third parameter', given: `"${unknown}" in it`, wanted }];
  const { project } = place;
  if (project === undefined || typeof project === 'boolean') return [];
  return [{ path: 'project', given: describeOther(project), wanted: 'true or false' }];
}

function mistakesOfProjects(projects: unknown): readonly Mistake[] {
  if (projects === undefined) return [];
  const hint = `call it for each entry that has workers, with { project: true }, and write reporters: ['default', '${ownReporter}'] beside projects`;
  return [
    {
      path: 'projects',
      given: describeOther(projects),
      wanted: 'nothing: an entry of projects has its own workers',
      hint,
    },
  ];
}

/** A path may be that of a class that extends ours. */
function mistakesOfEnvironment(environment: unknown): readonly Mistake[] {
  if (environment === undefined) return [];
  if (
    typeof environment === 'string' &&
    /^(?:[./\\<]|[a-z]:|(?:jest-environment-)?live-worker$)/i.test(environment)
  )
    return [];
  const hint =
    'other files keep theirs by @jest-environment in their first comment, or in an entry of projects';
  const wanted = '"live-worker", nothing, or the path of an environment that extends it';
  return [{ path: 'testEnvironment', given: describeOther(environment), wanted, hint }];
}

function mistakesOfEnvironmentOptions(options: unknown): readonly Mistake[] {
  if (options === undefined || (isObject(options) && !(optionsKey in options))) return [];
  const given = isObject(options) ? `"${optionsKey}" in it` : describeOther(options);
  return [
    { path: 'testEnvironmentOptions', given, wanted: 'an object with what else the environment takes' },
  ];
}

function mistakesOfReporters(reporters: unknown): readonly Mistake[] {
  if (reporters === undefined || Array.isArray(reporters)) return [];
  return [{ path: 'reporters', given: describeOther(reporters), wanted: 'an array, as Jest has it' }];
}

function describeOther(value: unknown): string {
  return typeof value === 'function' ? 'a function' : describeGiven(value, []);
}
