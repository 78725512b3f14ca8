"""keystoneauth1: a token for a password, and the load balancer found in the catalogue."""

from keystoneauth1 import exceptions, session
from keystoneauth1.identity import v3

from calls import Refused, run


def call(request):
    given = request["credentials"]
    auth = v3.Password(
        auth_url=request["url"],
        username=given["username"],
        password=given["password"],
        user_domain_name=given["userDomain"],
        project_name=given["project"],
        project_domain_name=given["projectDomain"],
    )
    client = session.Session(auth=auth)
    try:
        access = auth.get_access(client)
        response = client.request(
            request["path"],
            request["method"],
            json=request.get("body"),
            endpoint_filter={"service_type": "load-balancer", "region_name": request["region"], "interface": request.get("interface", "public")},
        )
    except exceptions.HttpError as error:
        raise Refused(error.http_status, str(error)) from error
    return {"status": response.status_code, "project": access.project_id, "body": response.text}


run(call)
