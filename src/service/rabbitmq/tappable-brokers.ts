import type { LaunchPlan } from '../../launch/plan.ts';
import type { Tappable } from '../../tap/tappable.ts';
import { UnusableUrl } from '../unusable-url.ts';
import { isBrokerUrl, parseBrokerTarget } from './broker-address.ts';
import { pointBrokerUrl } from './point-broker-url.ts';
import { tlsFilesOf, tlsOptions } from './tls-options.ts';

/** Every variable whose value is the URL of a broker. */
export function tappableBrokers({ env, cwd }: Pick<LaunchPlan, 'env' | 'cwd'>): readonly Tappable[] {
  return Object.entries(env)
    .filter(([, value]) => isBrokerUrl(value))
    .map(([name, url]) => tappableBroker(name, url, { env, cwd }));
}

function tappableBroker(name: string, url: string, { env, cwd }: Pick<LaunchPlan, 'env' | 'cwd'>): Tappable {
  try {
    const { host, port, isTls, query } = parseBrokerTarget(url);
    return {
      variables: [name],
      upstream: {
        protocol: 'amqp',
        address: { host, port },
        encryption: isTls ? 'required' : 'never',
        tls: isTls ? tlsOptions(query, tlsFilesOf(env, cwd)) : {},
      },
      leadTo: place => ({ [name]: pointBrokerUrl(url, place) }),
    };
  } catch (error) {
    return {
      variables: [name],
      untappable: error instanceof UnusableUrl ? error.message : 'its value cannot be read as a URL',
    };
  }
}
