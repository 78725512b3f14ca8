// Alibaba Cloud's own npm clients, all called alike.
import openapi from "@alicloud/openapi-core";
import RPCClient from "@alicloud/pop-core";

const { $OpenApiUtil, default: OpenApiClient } = openapi;

/** name -> ({ url }, credentials) -> (action, parameters) -> the answer, or a throw with .code */
export const npmClients = {
  "pop-core, GET": popCore("GET"),
  "pop-core, POST": popCore("POST"),
  "openapi-core, ACS3": openApiCore("ACS3-HMAC-SHA256", "query"),
  "openapi-core, ACS3, form body": openApiCore("ACS3-HMAC-SHA256", "body"),
  "openapi-core, signatureAlgorithm v2": openApiCore("v2", "query"),
};

function popCore(method) {
  return ({ url }, credentials) => {
    const client = new RPCClient({ ...credentials, endpoint: url, apiVersion: "2014-05-15" });
    return (action, parameters) => client.request(action, parameters, { method });
  };
}

function openApiCore(signatureAlgorithm, place) {
  return ({ url }, { accessKeyId, accessKeySecret, securityToken }) => {
    const config = new $OpenApiUtil.Config({ accessKeyId, accessKeySecret, securityToken, protocol: "http", endpoint: url.replace("http://", ""), regionId: "cn-hangzhou", signatureAlgorithm });
    const client = new OpenApiClient(config);
    return async (action, parameters) => {
      const call = new $OpenApiUtil.Params({ action, version: "2014-05-15", protocol: "HTTP", pathname: "/", method: "POST", authType: "AK", style: "RPC", reqBodyType: "formData", bodyType: "json" });
      const answer = await client.callApi(call, new $OpenApiUtil.OpenApiRequest({ [place]: parameters }), {});
      return answer.body;
    };
  };
}
