/** Reads what coverage.py wrote, in the interpreter that wrote it: an order on standard input, the files on standard output. */
export const reportScript = `import ast, json, sys

order = json.load(sys.stdin)
sys.path.append(order["packages"])
import coverage


def functions_of(node, prefix=""):
    for child in ast.iter_child_nodes(node):
        name = prefix
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            name = prefix + child.name
            if not isinstance(child, ast.ClassDef):
                yield {"name": name, "line": child.lineno, "body": child.body[0].lineno, "end": child.end_lineno}
            name += "."
        yield from functions_of(child, name)


measured = coverage.Coverage(data_file=None, config_file=False)
data = measured.get_data()
for path in order["data"]:
    one = coverage.CoverageData(path)
    one.read()
    data.update(one)
files = []
for path in sorted(data.measured_files()):
    try:
        _, statements, _, missing, _ = measured.analysis2(path)
        with open(path, "rb") as source:
            functions = list(functions_of(ast.parse(source.read())))
        files.append({"path": path, "statements": statements, "missing": missing, "functions": functions})
    except Exception:
        pass
json.dump(files, sys.stdout)
`;
