/**
 * Python loads it first, as `sitecustomize`: it measures what runs, and then loads the `sitecustomize` that the project has. coverage.py saves at
 * the exit and on SIGTERM; a forked child, such as those of Celery, leaves by `os._exit`, which is no exit to it.
 */
export const startScript = `import os
import sys


def _measure(own):
    import json

    folder = os.path.join(os.path.dirname(own), "python")
    try:
        import coverage
    except Exception:
        coverage = None
    note = {
        "executable": sys.executable,
        "packages": coverage and os.path.dirname(os.path.dirname(os.path.abspath(coverage.__file__))),
    }
    with open(os.path.join(folder, "%d.interpreter.json" % os.getpid()), "w") as file:
        json.dump(note, file)
    if coverage is None:
        return
    measuring = coverage.Coverage(
        data_file=os.path.join(folder, "data"),
        data_suffix=True,
        auto_data=True,
        config_file=False,
        omit=["*/site-packages/*", "*/dist-packages/*", os.path.join(own, "*")],
    )
    measuring.set_option("run:sigterm", True)
    measuring._warn_no_data = False
    measuring.start()
    leave = os._exit

    def save_and_leave(status):
        try:
            measuring.save()
        except BaseException:
            pass
        leave(status)

    os._exit = save_and_leave


def _load_next(own):
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    others = [path for path in sys.path if os.path.abspath(path) != own]
    spec = PathFinder.find_spec("sitecustomize", others)
    if spec is None or spec.loader is None:
        return
    module = module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


_own = os.path.dirname(os.path.abspath(__file__))
try:
    _measure(_own)
except Exception as error:
    sys.stderr.write("live-worker: cannot measure this Python: %s\\\\n" % error)
_load_next(_own)
`;
