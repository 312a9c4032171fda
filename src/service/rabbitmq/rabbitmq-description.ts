import type { ServiceDescription } from '../service.ts';

export const rabbitmqDescription: ServiceDescription = {
  title: 'RabbitMQ',
  startCommand: 'docker run -d -p 5672:5672 rabbitmq:4',
  advise(why, [variable = '']) {
    if (/^TLS with .*(SELF_SIGNED|UNABLE_TO|DEPTH_ZERO)/.test(why))
      return `name the authority that signed its certificate: ?cacertfile=ca.pem in ${variable}, or NODE_EXTRA_CA_CERTS or SSL_CERT_FILE in the worker's env`;
    if (/ERR_TLS_CERT_ALTNAME_INVALID/.test(why))
      return `take a host its certificate is for, or name one: ?server_name_indication=HOST in ${variable}`;
    if (/max-connections/.test(why))
      return `close other connections, raise that limit with rabbitmqctl, or correct ${variable}`;
    if (/\(530\): the user has no permission/.test(why))
      return `rabbitmqctl set_permissions for that user on that vhost, or correct ${variable}`;
    if (/refused vhost/.test(why))
      return `rabbitmqctl add_vhost and set_permissions for it, or correct the path of ${variable}`;
    return undefined;
  },
};
