import { locateDatabase as locate } from '../../src/service/postgres/locate-database.ts';
import { locateBroker } from '../../src/service/rabbitmq/locate-broker.ts';
import type { FoundUrl, UrlPlace } from '../../src/service/service.ts';

type Environment = UrlPlace['env'];

export function brokerUrl(url: string | undefined, env: Environment, where: string): string {
  return locateBroker(url, { env, where, cwd: '.' }).url;
}

export function databaseUrl(url: string | undefined, env: Environment, where: string, cwd = '.'): string {
  return locate(url, { env, where, cwd }).url;
}

export function locateDatabase(url: string | undefined, env: Environment, where: string): FoundUrl {
  return locate(url, { env, where, cwd: '.' });
}
