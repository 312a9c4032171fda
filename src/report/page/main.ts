import { layLanes } from '../view/lay-lanes.ts';
import { Axis } from './axis.ts';
import { Detail } from './detail.ts';
import { element } from './element.ts';
import { listenForKeys } from './keys.ts';
import { loadModel } from './load-model.ts';
import { expandForPrint } from './print.ts';
import { TestList } from './test-list.ts';

const mostOnPaper = 2_000;

/** Puts the run below its summary, which stands whatever happens here. */
async function main(app: HTMLElement): Promise<void> {
  const model = await loadModel();
  const detail = new Detail(model);
  // To follow an address the browser would scroll to the summary, and take the focus out of the list.
  const go = (id: string | undefined) => {
    history.pushState(null, '', id === undefined ? '#' : `#test=${id}`);
    show();
  };
  const list = new TestList(model, ({ id }) => go(id));
  const axis = new Axis({ lanes: layLanes(model), durationMs: model.durationMs, onChoose: go });
  const keys = element(
    'p',
    { class: 'keys' },
    'Keys: / search · n, p next and previous failed test · Esc the whole run · ↑ ↓ in the list · + − ← → 0 on the axis',
  );
  const pane = element('div', { class: 'panes' }, [list.root, detail.root]);
  app.replaceChildren(axis.root, pane, keys);
  app.hidden = false;

  const show = () => {
    const id = /^#test=(.*)$/.exec(decodeHash())?.[1];
    const entry = list.select(id);
    detail.show(entry);
    axis.select(entry && (entry.test ?? entry.file));
    return entry;
  };
  const follow = () => {
    if (show()) pane.scrollIntoView({ block: 'start' });
  };
  addEventListener('hashchange', follow);
  addEventListener('popstate', follow);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => axis.repaint());
  listenForKeys({ list, go });
  expandForPrint(() => detail.expand(mostOnPaper));
  follow();
}

function decodeHash(): string {
  try {
    return decodeURIComponent(location.hash);
  } catch {
    return location.hash;
  }
}

const app = document.getElementById('app');
if (app)
  main(app).catch((error: unknown) => {
    app.hidden = false;
    app.replaceChildren(
      element(
        'p',
        { class: 'note' },
        `Timeline and log lines cannot be shown here: ${error instanceof Error ? error.message : error}. The summary above is complete; the records lie beside this file.`,
      ),
    );
  });
