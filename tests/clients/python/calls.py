"""One call per run: a JSON object on standard input, one on standard output.

The answer is {"ok": true, "answer": ...} or {"ok": false, "code": ..., "message": ...}: a refusal by the
server is a result and not a crash, so that a test can tell it from a broken client.
"""

import json
import sys


class Refused(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def run(call):
    request = json.load(sys.stdin)
    try:
        result = {"ok": True, "answer": call(request)}
    except Refused as error:
        result = {"ok": False, "code": error.code, "message": str(error)}
    json.dump(result, sys.stdout)
