// By name, as a program imports them, so that a bundler may leave out the others.
export {
  Client, UnpoolError, alibaba, ucloud, openstack, describePlan, describeReport, version,
  signAlibabaRpc, signAlibabaAcs3, signUcloud, signSdkHmacSha256,
} from "unpool";
