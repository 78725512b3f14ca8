"""One call per run: a JSON object on standard input, one on standard output; or a list of calls and a list of answers.

An answer is {"ok": true, "answer": ...} or {"ok": false, "code": ..., "message": ...}: a refusal by the
server is a result and not a crash, so that a test can tell it from a broken client.
"""

import json
import sys


class Refused(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def run(call):
    given = json.load(sys.stdin)
    result = [once(call, request) for request in given] if isinstance(given, list) else once(call, given)
    json.dump(result, sys.stdout)


def once(call, request):
    try:
        return {"ok": True, "answer": call(request)}
    except Refused as error:
        return {"ok": False, "code": error.code, "message": str(error)}
