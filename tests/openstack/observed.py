"""A service as the tests see and steer it from its own side, around its WSGI application.

requests.jsonl  one line for each request, written before the answer leaves. No token gets into it, only a
                fingerprint that tells one from another.
settings.json   {"group": {"option": value}}: options of the service's own configuration, in force from the next
                request on. What is not in it any more is as in the configuration file again.

With OWNER in the environment the service ends when that process is gone, however it went.
"""
import hashlib
import json
import os
import threading
import time
from urllib.parse import parse_qsl


def end_with(owner):
    while True:
        try:
            os.kill(owner, 0)
        except ProcessLookupError:
            os._exit(0)
        time.sleep(1)


class Observed:
    def __init__(self, app, conf, folder):
        self._app = app
        self._conf = conf
        self._log = os.path.join(folder, 'requests.jsonl')
        self._settings = os.path.join(folder, 'settings.json')
        self._seen = None
        self._applied = []
        self._lock = threading.Lock()
        open(self._log, 'w').close()
        owner = int(os.environ.get('OWNER', 0))
        if owner:
            threading.Thread(target=end_with, args=(owner,), daemon=True).start()

    def __call__(self, environ, start_response):
        with self._lock:
            self._configure()
        answer = {}

        def start(status, headers, exc_info=None):
            answer['status'] = int(status.split()[0])
            return start_response(status, headers, exc_info)

        chunks = self._app(environ, start)
        try:
            # To its end: an application may name the status only when it is asked for the first piece.
            body = list(chunks)
        finally:
            if hasattr(chunks, 'close'):
                chunks.close()
        token = environ.get('HTTP_X_AUTH_TOKEN')
        line = json.dumps({
            'method': environ['REQUEST_METHOD'],
            # Behind a mount (Keystone's /v3) the first part of the path is elsewhere.
            'path': environ.get('SCRIPT_NAME', '') + environ.get('PATH_INFO', ''),
            'query': dict(parse_qsl(environ.get('QUERY_STRING', ''), keep_blank_values=True)),
            'agent': environ.get('HTTP_USER_AGENT', ''),
            'token': token and hashlib.sha256(token.encode()).hexdigest()[:16],
            'status': answer['status'],
        })
        with self._lock, open(self._log, 'a') as log:
            log.write(line + '\n')
        return body

    def _configure(self):
        try:
            changed = os.stat(self._settings).st_mtime_ns
        except FileNotFoundError:
            return
        if changed == self._seen:
            return
        self._seen = changed
        with open(self._settings) as file:
            settings = json.load(file)
        for group, option in self._applied:
            self._conf.clear_override(option, group=group)
        self._applied = [(group, option) for group in settings for option in settings[group]]
        for group, option in self._applied:
            self._conf.set_override(option, settings[group][option], group=group)
