"""huaweicloudsdkcore (SDK-HMAC-SHA256, Access) on the path of the shared load balancer.

The typed ELB package has no call for this path, so the request goes through the core client as the typed
packages themselves send theirs.
"""

import sys

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.client import Client, ClientBuilder
from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.sdk_response import SdkResponse

from calls import Refused, run


class MembersResponse(SdkResponse):
    openapi_types = {}
    attribute_map = {}


class ElbClient(Client):
    def __init__(self):
        super().__init__()
        # Where the core client looks response types up.
        self.model_package = sys.modules[__name__]


def call(request):
    given = request["credentials"]
    credentials = BasicCredentials(given["accessKey"], given["secretKey"], given["projectId"])
    if given.get("securityToken"):
        credentials = credentials.with_security_token(given["securityToken"])
    client = (
        ClientBuilder(ElbClient)
        .with_http_config(HttpConfig(retry_times=0))
        .with_credentials(credentials)
        .with_endpoint(request["url"])
        .build()
    )
    try:
        response = client.do_http_request(
            method=request["method"],
            resource_path=request["path"],
            query_params=[tuple(pair) for pair in request.get("query", [])],
            header_params={"Content-Type": "application/json"},
            body=request.get("body"),
            response_type="MembersResponse",
        )
        return {"status": response.status_code, "body": response.raw_content.decode() if response.raw_content else ""}
    except ServiceResponseException as error:
        raise Refused(f"{error.status_code} {error.error_code}", error.error_msg) from error


run(call)
