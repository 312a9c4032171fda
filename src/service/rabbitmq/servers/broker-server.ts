import type { ServerCapability, ServerPlace } from '../../server-capability.ts';
import type { SlotSurroundings } from '../../slot.ts';
import { isBrokerUrl, parseBrokerTarget } from '../broker-address.ts';
import { classifyBrokerError } from '../classify-broker-error.ts';
import { connectBroker } from '../connect-broker.ts';
import { pointBrokerUrl } from '../point-broker-url.ts';
import { findManagementApi } from '../slots/management-api.ts';
import { placeOfVhost, withVhost } from '../slots/move-vhost.ts';
import { findRabbitmqctl } from '../slots/rabbitmqctl.ts';
import { tlsFilesOf } from '../tls-options.ts';

const answerMs = 2_000;
const name = 'live-worker services';

export const brokerServer: ServerCapability = {
  variable: 'RABBITMQ_URL',
  plannedUrl: 'amqp://live_worker@live-worker.invalid:5672',
  homePlace: '/',
  standardPlace: '/',
  isUrl: isBrokerUrl,
  read(url) {
    const place = placeOfVhost(url);
    const slash = place.lastIndexOf('/');
    return { server: place.slice(0, slash), place: decodeURIComponent(place.slice(slash + 1)) };
  },
  urlOf: (server, place) => (place === '/' ? server : withVhost(server, place)),
  leadUrl(url, server) {
    const { host, port, user, password } = parseBrokerTarget(server);
    return pointBrokerUrl(url, { host, port, login: `${user}:${password}` });
  },
  refusal,
  makePlace,
};

async function refusal(url: string, { env, cwd }: SlotSurroundings): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>(resolve => {
    timer = setTimeout(() => resolve('late'), answerMs);
  });
  const connecting = connectBroker({ url, name, tls: tlsFilesOf(env, cwd) });
  try {
    const connection = await Promise.race([connecting, late]);
    if (connection === 'late') {
      void connecting.then(opened => opened.close()).catch(() => {});
      return `nothing within ${answerMs / 1_000} s`;
    }
    connection.on('error', () => {});
    await connection.close();
    return undefined;
  } catch (error) {
    return classifyBrokerError(error, parseBrokerTarget(url)).why;
  } finally {
    clearTimeout(timer);
  }
}

/** @throws an Error that says why not */
async function makePlace({
  url,
  name: vhost,
  managementUrl,
  commandEnvironment,
}: ServerPlace): Promise<void> {
  const way = managementUrl
    ? await findManagementApi(url, managementUrl)
    : await findRabbitmqctl(url, commandEnvironment ?? {});
  if (!('admin' in way)) throw new Error(way.why);
  const { user } = parseBrokerTarget(url);
  await way.admin.create({ name: vhost, description: '', users: [user], definitions: undefined });
}
