"""ucloud-sdk-python3 (SHA-1 signature, form body)."""

from ucloud.client import Client
from ucloud.core import exc

from calls import Refused, run

METHODS = {
    "ReleaseBackend": "release_backend",
    "DescribeVServer": "describe_vserver",
    "DescribeULB": "describe_ulb",
    "UpdateBackendAttribute": "update_backend_attribute",
    "UpdateBackendBatch": "update_backend_batch",
    "AllocateBackend": "allocate_backend",
    "CreatePolicy": "create_policy",
    "UpdatePolicy": "update_policy",
    "DeletePolicy": "delete_policy",
}


def call(request):
    credentials = request["credentials"]
    client = Client(
        {
            "base_url": request["url"],
            "region": request["region"],
            "project_id": request["projectId"],
            "public_key": credentials["publicKey"],
            "private_key": credentials["privateKey"],
            "max_retries": 0,
        }
    )
    parameters = dict(request["parameters"])
    try:
        # The typed call drops what it does not know, so a token needs the generic one.
        if credentials.get("securityToken"):
            parameters["SecurityToken"] = credentials["securityToken"]
            return client.invoke(request["action"], parameters)
        return getattr(client.ulb(), METHODS[request["action"]])(parameters)
    except exc.RetCodeException as error:
        raise Refused(error.code, str(error)) from error


run(call)
