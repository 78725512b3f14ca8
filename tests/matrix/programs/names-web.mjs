// As names.mjs, from `unpool/web`.
export {
  init,
  Client, UnpoolError, alibaba, ucloud, openstack, describePlan, describeReport, version,
  signAlibabaRpc, signAlibabaAcs3, signUcloud, signSdkHmacSha256,
} from "unpool/web";
