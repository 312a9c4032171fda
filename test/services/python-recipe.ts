import { findPython } from './find-python.ts';
import { installAdvice } from './install-advice.ts';
import { afterInstalling } from './install-packages.ts';
import type { ServiceRecipe } from './service.ts';

const modules = ['python3-celery', 'python3-pika', 'python3-psycopg2', 'python3-dotenv', 'python3-coverage'];
const packages = ['python3', 'python3-venv', ...modules];

export const pythonRecipe: ServiceRecipe = {
  name: 'Python',
  variable: 'LIVE_WORKER_TEST_VENV',
  sources: [
    { kind: 'found', provide: findPython },
    { kind: 'install', provide: afterInstalling(packages, findPython) },
  ],
  advice: () =>
    installAdvice({
      apt: packages,
      dnf: ['python3', ...modules],
      otherwise: 'python3 -m pip install celery pika psycopg2-binary python-dotenv coverage',
    }),
};
