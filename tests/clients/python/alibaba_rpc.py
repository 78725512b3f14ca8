"""aliyun-python-sdk-core with aliyun-python-sdk-slb (RPC, HMAC-SHA1)."""

import importlib
import json

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import AccessKeyCredential, StsTokenCredential
from aliyunsdkcore.client import AcsClient

from calls import Refused, run


def call(request):
    given = request["credentials"]
    if given.get("securityToken"):
        credential = StsTokenCredential(given["accessKeyId"], given["accessKeySecret"], given["securityToken"])
    else:
        credential = AccessKeyCredential(given["accessKeyId"], given["accessKeySecret"])
    client = AcsClient(region_id=request["region"], credential=credential, auto_retry=False)
    name = f"{request['action']}Request"
    slb = getattr(importlib.import_module(f"aliyunsdkslb.request.v20140515.{name}"), name)()
    slb.set_endpoint(request["url"].removeprefix("http://"))
    slb.set_protocol_type("http")
    for parameter, value in request["parameters"].items():
        # Business parameters travel in the query or, by wish, in the form body.
        if request.get("inBody"):
            slb.add_body_params(parameter, value)
        else:
            slb.add_query_param(parameter, value)
    try:
        return json.loads(client.do_action_with_exception(slb))
    except ServerException as error:
        raise Refused(error.get_error_code(), str(error)) from error


run(call)
