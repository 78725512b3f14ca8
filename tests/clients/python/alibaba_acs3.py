"""alibabacloud-slb20140515, the typed client (ACS3-HMAC-SHA256)."""

from alibabacloud_slb20140515 import models
from alibabacloud_slb20140515.client import Client
from alibabacloud_tea_openapi.models import Config

from calls import Refused, run

METHODS = {
    "RemoveBackendServers": ("remove_backend_servers", models.RemoveBackendServersRequest),
    "RemoveVServerGroupBackendServers": (
        "remove_vserver_group_backend_servers",
        models.RemoveVServerGroupBackendServersRequest,
    ),
    "SetBackendServers": ("set_backend_servers", models.SetBackendServersRequest),
    "SetVServerGroupAttribute": ("set_vserver_group_attribute", models.SetVServerGroupAttributeRequest),
    "AddBackendServers": ("add_backend_servers", models.AddBackendServersRequest),
    "AddVServerGroupBackendServers": (
        "add_vserver_group_backend_servers",
        models.AddVServerGroupBackendServersRequest,
    ),
    "DescribeHealthStatus": ("describe_health_status", models.DescribeHealthStatusRequest),
    "DescribeVServerGroups": ("describe_vserver_groups", models.DescribeVServerGroupsRequest),
    "DescribeMasterSlaveServerGroups": (
        "describe_master_slave_server_groups",
        models.DescribeMasterSlaveServerGroupsRequest,
    ),
    "DescribeLoadBalancerAttribute": ("describe_load_balancer_attribute", models.DescribeLoadBalancerAttributeRequest),
    "DescribeVServerGroupAttribute": ("describe_vserver_group_attribute", models.DescribeVServerGroupAttributeRequest),
}


def call(request):
    credentials = request["credentials"]
    client = Client(
        Config(
            access_key_id=credentials["accessKeyId"],
            access_key_secret=credentials["accessKeySecret"],
            security_token=credentials.get("securityToken"),
            endpoint=request["url"].removeprefix("http://"),
            protocol="http",
            region_id=request["region"],
        )
    )
    method, model = METHODS[request["action"]]
    try:
        return getattr(client, method)(model().from_map(request["parameters"])).body.to_map()
    except Exception as error:
        if getattr(error, "code", None):
            raise Refused(error.code, str(error)) from error
        raise


run(call)
