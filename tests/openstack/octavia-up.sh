#!/usr/bin/env bash
# Brings up a real OpenStack Keystone and a real OpenStack Octavia (API and controller worker, with Octavia's own
# no-op amphora, compute and network drivers) on 127.0.0.1, from PyPI wheels, with SQLite.
#   octavia-up.sh install   the Python environment only (about a minute, once)
#   octavia-up.sh up        install if needed, initialise the databases if needed, start both
#   octavia-up.sh stop      stop both, by process id
#   octavia-up.sh reset     stop, wipe the databases, initialise, start
#   octavia-up.sh env       print the shell variables a client needs
# Environment
#   KS_PORT, OC_PORT  ports to listen on; needed by everything but install and stop. They are written into the
#                     catalog when the databases are made, so `up` on other ports needs a new LAB or `reset`
#   LAB               state of this instance (default target/openstack/lab)
#   VENV              the Python environment, shared by instances (default target/openstack/venv)
#   PY                Python 3.11 or newer
#   DELAY_MS          how long the worker waits before each job, so that PENDING_* and 409 last long enough to be
#                     seen; read again and again from $LAB/delay_ms, so that 0 also ends a wait
#   TOKEN_TTL         lifetime of tokens in seconds, once the databases are made
#   OWNER             a process id: both end when that process is gone
#   AUTH              "noauth" makes Octavia skip Keystone (project from X-Project-Id)
# While they run, $LAB/ks and $LAB/oc hold what arrived (requests.jsonl) and take options (settings.json): observed.py
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd); ROOT=$(cd "$HERE/../.." && pwd)
LAB=${LAB:-$ROOT/target/openstack/lab}; V=${VENV:-$ROOT/target/openstack/venv}; PY=${PY:-python3}
case "${1:-up}" in install|stop) KS_PORT=${KS_PORT:-0}; OC_PORT=${OC_PORT:-0} ;; esac
KS=http://127.0.0.1:${KS_PORT:?set KS_PORT to a free port}; OC=http://127.0.0.1:${OC_PORT:?set OC_PORT to a free port}
export PYTHONWARNINGS=ignore
# openstacksdk is a dependency of Octavia already; the tests use it as another client.
PACKAGES="octavia==19.0.0 keystone==30.0.0 waitress==3.0.2 openstacksdk==4.22.0"

install() {
  # The mark is written last: an installation that was interrupted is done again.
  [ "$(cat "$V/installed" 2>/dev/null)" = "$PACKAGES" ] && return 0
  mkdir -p "$(dirname "$V")"
  "$PY" -m venv "$V"
  # shellcheck disable=SC2086 -- one word for each package
  "$V/bin/pip" install -q --disable-pip-version-check $PACKAGES
  echo "$PACKAGES" > "$V/installed"
}

write_files() {
  mkdir -p "$LAB/ks/fernet" "$LAB/ks/credential" "$LAB/oc/certs"; chmod 700 "$LAB/ks/fernet" "$LAB/ks/credential"
  cat > "$LAB/ks/keystone.conf" <<EOF
[DEFAULT]
log_file = $LAB/ks/keystone.log
public_endpoint = $KS
[database]
connection = sqlite:///$LAB/ks/keystone.db
[token]
provider = fernet
expiration = 3600
[fernet_tokens]
key_repository = $LAB/ks/fernet
[credential]
key_repository = $LAB/ks/credential
[cache]
enabled = false
[cors]
allowed_origin = *
EOF
  [ -f "$LAB/oc/certs/ca.pem" ] || openssl req -x509 -newkey rsa:2048 -keyout "$LAB/oc/certs/ca.key" \
      -out "$LAB/oc/certs/ca.pem" -days 3650 -passout pass:lab -subj /CN=lab-ca 2>/dev/null
  local ksauth="auth_url = $KS/v3
auth_type = password
username = octavia
password = octaviapw
project_name = service
user_domain_id = default
project_domain_id = default
region_name = eu-de"
  cat > "$LAB/oc/octavia.conf" <<EOF
[DEFAULT]
log_file = $LAB/oc/octavia.log
transport_url = fake://
host = localhost
[api_settings]
bind_host = 127.0.0.1
bind_port = $OC_PORT
auth_strategy = ${AUTH:-keystone}
enabled_provider_drivers = amphora:'real worker with no-op data plane',noop_driver:'never leaves PENDING'
default_provider_driver = amphora
api_base_uri = $OC
pagination_max_limit = 1000
[cors]
allowed_origin = *
[database]
connection = sqlite:///$LAB/oc/octavia.db
[health_manager]
heartbeat_key = insecure
[keystone_authtoken]
www_authenticate_uri = $KS/v3
$ksauth
service_token_roles_required = true
[service_auth]
$ksauth
[certificates]
cert_generator = local_cert_generator
cert_manager = local_cert_manager
ca_certificate = $LAB/oc/certs/ca.pem
ca_private_key = $LAB/oc/certs/ca.key
ca_private_key_passphrase = lab
server_certs_key_passphrase = insecure-key-do-not-use-this-key
storage_path = $LAB/oc/certs/
[haproxy_amphora]
server_ca = $LAB/oc/certs/ca.pem
client_cert = $LAB/oc/certs/ca.pem
[controller_worker]
amphora_driver = amphora_noop_driver
compute_driver = compute_noop_driver
network_driver = network_noop_driver
image_driver = image_noop_driver
volume_driver = volume_noop_driver
amp_image_tag = amphora
amp_flavor_id = 00000000-0000-0000-0000-000000000001
amp_boot_network_list = 00000000-0000-0000-0000-000000000002
client_ca = $LAB/oc/certs/ca.pem
loadbalancer_topology = SINGLE
[task_flow]
engine = serial
max_workers = 1
[oslo_messaging]
rpc_thread_pool_size = 1
[driver_agent]
status_socket_path = $LAB/oc/status.sock
stats_socket_path = $LAB/oc/stats.sock
get_socket_path = $LAB/oc/get.sock
EOF
  echo "${DELAY_MS:-0}" > "$LAB/delay_ms"
  cp "$HERE/observed.py" "$LAB/oc/"; cp "$HERE/observed.py" "$LAB/ks/"; rm -f "$LAB/ks/settings.json"
  # Octavia's alembic migrations use ALTER CONSTRAINT, which SQLite lacks; its own functional tests
  # build the schema from the models and seed the lookup tables. Do the same here.
  cat > "$LAB/oc/initdb.py" <<'EOF'
import sys
from octavia.common import config, constants as c
from oslo_config import cfg
config.init(sys.argv[1:])
cfg.CONF.set_override('pool_timeout', None, group='database')
from octavia.db import api as db_api, base_models, models as m
eng = db_api.get_engine()
base_models.BASE.metadata.create_all(eng)
import sqlite3
sqlite3.connect(eng.url.database).execute('PRAGMA journal_mode=WAL')
s = db_api.get_session()
with s.begin():
    for names, model in [
            (c.SUPPORTED_PROVISIONING_STATUSES, m.ProvisioningStatus), (c.SUPPORTED_HEALTH_MONITOR_TYPES, m.HealthMonitorType),
            (c.SUPPORTED_LB_ALGORITHMS, m.Algorithm), (c.SUPPORTED_PROTOCOLS, m.Protocol),
            (c.SUPPORTED_OPERATING_STATUSES, m.OperatingStatus), (c.SUPPORTED_SP_TYPES, m.SessionPersistenceType),
            (c.SUPPORTED_AMPHORA_ROLES, m.AmphoraRoles), (c.SUPPORTED_LB_TOPOLOGIES, m.LBTopology),
            (c.SUPPORTED_VRRP_AUTH, m.VRRPAuthMethod), (c.SUPPORTED_L7RULE_TYPES, m.L7RuleType),
            (c.SUPPORTED_L7RULE_COMPARE_TYPES, m.L7RuleCompareType), (c.SUPPORTED_L7POLICY_ACTIONS, m.L7PolicyAction),
            (c.SUPPORTED_CLIENT_AUTH_MODES, m.ClientAuthenticationMode)]:
        for n in names:
            s.add(model(name=n))
EOF
  cat > "$LAB/oc/serve.py" <<'EOF'
# Octavia's WSGI API and its controller-worker RPC endpoints in ONE process (fake:// transport is in-process).
# SQLite cannot take concurrent read-then-write transactions, so one lock lets either an API call or a worker job run.
import sys, time, functools, threading
from oslo_config import cfg
from octavia.api import app as api_app
from octavia.common import constants, rpc
import oslo_messaging as messaging
from oslo_messaging.rpc import dispatcher
from observed import Observed
import waitress
lab = sys.argv.pop(1)
app = api_app.setup_app(argv=sys.argv)
CONF = cfg.CONF
CONF.set_override('pool_timeout', None, group='database')
from octavia.controller.queue.v2 import endpoints
def delay():
    try: return int(open(lab + '/delay_ms').read()) / 1000
    except Exception: return 0
def delayed(f):
    @functools.wraps(f)
    def g(self, *a, **k):
        start = time.monotonic()
        while time.monotonic() - start < delay():
            time.sleep(0.02)
        with LOCK:
            return f(self, *a, **k)
    return g
LOCK = threading.RLock()
def serial(environ, start_response):
    with LOCK:
        return list(app(environ, start_response))
class Slow(endpoints.Endpoints): pass
for n, f in vars(endpoints.Endpoints).items():
    if type(f) is type(delayed) and not n.startswith('_'):
        setattr(Slow, n, delayed(f))
rpc.get_server(messaging.Target(topic=constants.TOPIC_AMPHORA_V2, server=CONF.host, fanout=False),
               [Slow()], access_policy=dispatcher.DefaultRPCAccessPolicy).start()
waitress.serve(Observed(serial, CONF, lab + '/oc'), host=CONF.api_settings.bind_host, port=CONF.api_settings.bind_port, threads=4, ident=None)
EOF
  cat > "$LAB/ks/serve.py" <<'EOF'
import sys, waitress
from observed import Observed
from keystone.server import wsgi
import keystone.conf
from oslo_middleware import cors
port = int(sys.argv[1]); sys.argv[1:] = []
app = wsgi.initialize_public_application()
# Keystone's own CORS layer reads only the default config folders (oslo_config_project=keystone), so wrap again.
app = cors.CORS(app, keystone.conf.CONF)
waitress.serve(Observed(app, keystone.conf.CONF, sys.path[0]), host='127.0.0.1', port=port, threads=4, ident=None)
EOF
}

waitfor() { for _ in $(seq 1 120); do curl -s -m2 -o /dev/null "$1" && return 0; sleep 0.25; done; echo "no answer from $1" >&2; return 1; }
ksmanage() { "$V/bin/keystone-manage" --config-file "$LAB/ks/keystone.conf" "$@" 2>/dev/null; }

initdb() {
  rm -f "$LAB"/ks/keystone.db "$LAB"/oc/octavia.db* "$LAB"/ks/*.log "$LAB"/oc/*.log
  ksmanage db_sync
  ksmanage fernet_setup --keystone-user "$(id -un)" --keystone-group "$(id -gn)"
  ksmanage credential_setup --keystone-user "$(id -un)" --keystone-group "$(id -gn)"
  ksmanage bootstrap --bootstrap-username admin --bootstrap-password adminpw --bootstrap-project-name admin \
     --bootstrap-role-name admin --bootstrap-service-name keystone --bootstrap-region-id eu-de \
     --bootstrap-public-url "$KS/v3" --bootstrap-internal-url "$KS/v3" --bootstrap-admin-url "$KS/v3"
  "$V/bin/python" "$LAB/oc/initdb.py" --config-file "$LAB/oc/octavia.conf" 2>"$LAB/oc/initdb.err" || { tail -3 "$LAB/oc/initdb.err" >&2; return 1; }
}

start_ks() {
  curl -s -m1 -o /dev/null "$KS/v3" && return 0
  OS_KEYSTONE_CONFIG_DIR=$LAB/ks OS_KEYSTONE_CONFIG_FILES=keystone.conf \
    setsid nohup "$V/bin/python" "$LAB/ks/serve.py" "$KS_PORT" >"$LAB/ks/serve.out" 2>&1 & echo $! >"$LAB/ks.pid"
  waitfor "$KS/v3"
}
start_oc() {
  curl -s -m1 -o /dev/null "$OC/" && return 0
  setsid nohup "$V/bin/python" "$LAB/oc/serve.py" "$LAB" --config-file "$LAB/oc/octavia.conf" >"$LAB/oc/serve.out" 2>&1 & echo $! >"$LAB/oc.pid"
  waitfor "$OC/"
}

seed_keystone() {  # projects, users, roles, catalog; idempotence not needed: runs on a fresh database
  "$V/bin/python" - "$KS/v3" "$OC" <<'EOF'
import sys, json, urllib.request
K, O = sys.argv[1:3]
def call(m, p, b=None, t=None, raw=False):
    r = urllib.request.Request(K + p, method=m, data=json.dumps(b).encode() if b is not None else None,
                               headers={'Content-Type': 'application/json', **({'X-Auth-Token': t} if t else {})})
    with urllib.request.urlopen(r) as x:
        d = x.read(); return (x.headers, d) if raw else (json.loads(d) if d else None)
auth = {"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "admin", "domain": {"id": "default"}, "password": "adminpw"}}},
                 "scope": {"project": {"name": "admin", "domain": {"id": "default"}}}}}
t = call('POST', '/auth/tokens', auth, raw=True)[0]['X-Subject-Token']
mk = lambda p, k, **b: call('POST', p, {k: b}, t)[k]['id']
role = {r['name']: r['id'] for r in call('GET', '/roles', t=t)['roles']}
for n in ('load-balancer_member', 'load-balancer_observer'):
    role[n] = mk('/roles', 'role', name=n)
proj = {n: mk('/projects', 'project', name=n, domain_id='default') for n in ('service', 'eu-de_demo', 'eu-nl_other')}
user = {n: mk('/users', 'user', name=n, password=p, domain_id='default') for n, p in
        (('octavia', 'octaviapw'), ('demo', 'demopw'), ('viewer', 'viewerpw'), ('other', 'otherpw'))}
for u, p, r in (('octavia', 'service', 'admin'), ('octavia', 'service', 'service'), ('demo', 'eu-de_demo', 'member'),
                ('demo', 'eu-de_demo', 'load-balancer_member'), ('viewer', 'eu-de_demo', 'reader'),
                ('viewer', 'eu-de_demo', 'load-balancer_observer'), ('other', 'eu-nl_other', 'member'),
                ('other', 'eu-nl_other', 'load-balancer_member')):
    if r not in role: role[r] = mk('/roles', 'role', name=r)
    call('PUT', f'/projects/{proj[p]}/users/{user[u]}/roles/{role[r]}', t=t)
s = mk('/services', 'service', type='load-balancer', name='octavia')
mk('/endpoints', 'endpoint', service_id=s, interface='public', region_id='eu-de', url=O)
json.dump({'projects': proj, 'users': user}, sys.stdout, indent=1); print()
EOF
}

stop() { for p in oc ks; do [ -f "$LAB/$p.pid" ] && kill "$(cat "$LAB/$p.pid")" 2>/dev/null || true; rm -f "$LAB/$p.pid"; done; sleep 1; }
env_() { cat <<EOF
export OS_AUTH_URL=$KS/v3 OS_USERNAME=demo OS_PASSWORD=demopw OS_PROJECT_NAME=eu-de_demo OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default OS_REGION_NAME=eu-de OCTAVIA_URL=$OC
EOF
}
fresh() {
  write_files; initdb; start_ks; seed_keystone > "$LAB/ids.json"; start_oc
  # Short-lived tokens only after seeding.
  [ -z "${TOKEN_TTL:-}" ] || echo "{\"token\": {\"expiration\": $TOKEN_TTL}}" > "$LAB/ks/settings.json"
}
case "${1:-up}" in
  install) install ;;
  up)    install; if [ -f "$LAB/oc/octavia.db" ] && [ -f "$LAB/ids.json" ]; then start_ks; start_oc; else fresh; fi; env_ ;;
  stop)  stop ;;
  reset) install; stop; fresh; env_ ;;
  env)   env_ ;;
  *) echo "install|up|stop|reset|env" >&2; exit 2 ;;
esac
