// As names.mjs, from `unpool/slim`.
export {
  init,
  Client, UnpoolError, alibaba, ucloud, openstack, describePlan, describeReport, version,
  signAlibabaRpc, signAlibabaAcs3, signUcloud, signSdkHmacSha256,
} from "unpool/slim";
