import { interpolate } from '../../../src/launch/environment/interpolate.ts';
import { caught } from '../caught.ts';

const env = { HTTP_PORT: '8001', EMPTY: '', DOLLAR: '$& ${EMPTY}' };

test.each([
  ['http://127.0.0.1:${HTTP_PORT}/health', 'http://127.0.0.1:8001/health'],
  ['${HTTP_PORT}${HTTP_PORT}', '80018001'],
  ['${EMPTY}', ''],
  ['${EMPTY:-x}', 'x'],
  ['${NONE:-}', ''],
  ['${NONE:-a:-b c}', 'a:-b c'],
  ['$HTTP_PORT', '$HTTP_PORT'],
  ['$${HTTP_PORT}', '${HTTP_PORT}'],
  ['$${NONE:-x}', '${NONE:-x}'],
  ['${DOLLAR}', '$& ${EMPTY}'],
  ['${} ${1} ${a b}', '${} ${1} ${a b}'],
  ['${NONE:-${HTTP_PORT}}', '8001'],
  ['${NONE:-{"port":1}}', '{"port":1}'],
  ['${NONE%x} ${NONE-x} ${NONE:+x} ${NONE', '${NONE%x} ${NONE-x} ${NONE:+x} ${NONE'],
  ['\\${HTTP_PORT} $${x y}', '\\8001 $${x y}'],
])('interpolate() makes of %s: %s', (text, result) => {
  expect(interpolate(text, env, 'env.X')).toBe(result);
});

test('interpolate() names the place, the variable and the nearest one', async () => {
  const error = await caught(() => interpolate('${HTPP_PORT}', env, 'ready[0].url'));
  expect(error.code).toBe('ENV_MISSING');
  expect(error.message.split('\n')).toEqual([
    'Cannot fill in ready[0].url: it refers to "${HTPP_PORT}", which the worker does not have; the nearest name it has is "HTTP_PORT"',
    'Set the variable in env or an env file, or write "${HTPP_PORT:-default}"',
  ]);
  expect(error.details).toEqual({ where: 'ready[0].url', name: 'HTPP_PORT', nearest: 'HTTP_PORT' });
});

test('interpolate() takes nothing from the prototype', async () => {
  expect((await caught(() => interpolate('${constructor}', env, 'env.X'))).code).toBe('ENV_MISSING');
});
