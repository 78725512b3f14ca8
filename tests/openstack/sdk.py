"""openstacksdk behind a pipe: a line ["method of the load balancer proxy", positional, named] in, a line
{"result": ...} or {"error": class, "status": HTTP status, "message": text} out.
"""
import json
import sys
import types

import openstack
from openstack import exceptions, resource


def plain(value):
    if isinstance(value, resource.Resource):
        return value.to_dict(original_names=True, computed=False)
    if isinstance(value, (types.GeneratorType, list)):
        return [plain(item) for item in value]
    return value


connection = openstack.connect(load_envvars=True, load_yaml_config=False)
for line in sys.stdin:
    name, positional, named = json.loads(line)
    try:
        answer = {'result': plain(getattr(connection.load_balancer, name)(*positional, **named))}
    except exceptions.SDKException as error:
        answer = {'error': type(error).__name__, 'status': getattr(error, 'status_code', None), 'message': str(error)}
    print(json.dumps(answer, default=str), flush=True)
