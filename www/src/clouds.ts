// The clouds of this page, and for each its calls, filled in with the values of the emulator's first state.

import type { Operation } from "./backends.ts";
import { emulator, lab, type EmulatedName } from "./emulator.ts";

export interface Call {
  id: string;
  label: string;
  operation: Operation;
  /** Client options of this call. */
  options?: Record<string, string>;
}

/** Where calls go and with which keys. */
export interface Connection {
  endpoint: string;
  region: string;
  credentials: Record<string, string>;
  options: Record<string, string>;
}

export interface Cloud {
  id: string;
  label: string;
  vendor: string;
  calls: [Call, ...Call[]];
  credentials: { name: string; label: string; secret: boolean }[];
  options: { name: string; label: string; values?: readonly string[] }[];
  endpointOption: "endpoint" | "identityEndpoint";
  /** How a browser fares with the real cloud. */
  cors: string;
  start: Connection;
  /** What answers at an address of this machine. */
  local: string;
  /** How long a change may take to show after the answer. */
  settleMs?: number;
}

const pool = "5a9a3e9e-d1aa-448e-af37-a70171f2a332";

const alibabaCalls: [Call, ...Call[]] = [
  {
    id: "objects",
    label: "From the default group, as objects",
    operation: {
      operation: "RemoveBackendServers",
      loadBalancerId: "lb-bp15lbk8uja8rvm4a0001",
      backendServers: [
        { serverId: "i-bp1fq61enf4loa5i0000", type: "ecs", weight: "100" },
        { serverId: "eni-2ze1sdp50001", type: "eni", serverIp: "192.168.0.31" },
      ],
    },
  },
  {
    id: "ids",
    label: "From the default group, as bare ids; the answer comes as XML",
    operation: {
      operation: "RemoveBackendServers",
      regionId: "cn-east-hangzhou-01",
      loadBalancerId: "139a00604ad-cn-east-hangzhou-01",
      backendServers: ["vm-233", "vm-234"],
      ownerAccount: "OwnerAccount",
    },
    options: { format: "xml" },
  },
  {
    id: "vserver-group",
    label: "From a vServer group, by port and address",
    operation: {
      operation: "RemoveVServerGroupBackendServers",
      vServerGroupId: "rsp-cige6j5e7p",
      backendServers: [
        { serverId: "i-bp1fq61enf4loa5i0000", port: 8080, type: "ecs" },
        { serverId: "eni-2ze1sdp50000", port: 80, type: "eni", serverIp: "172.16.6.1" },
      ],
    },
  },
];

const releaseBackend: [Call] = [
  {
    id: "release",
    label: "From a listener, by the load balancer's own id of the backend",
    operation: { operation: "ReleaseBackend", ulbId: "ulb-5xyz", backendId: "backend-1a2b" },
  },
];

const deleteMember = (poolId: string, memberId: string): [Call] => [
  {
    id: "member",
    label: "From a pool, by the id of the member",
    operation: { operation: "DeleteMember", poolId, memberId },
  },
];

function start(name: EmulatedName, options: Record<string, string> = {}): Connection {
  const emulated = emulator?.[name];
  return {
    endpoint: emulated?.identityEndpoint ?? emulated?.url ?? "",
    region: emulated?.region ?? "",
    credentials: { ...emulated?.credentials },
    options,
  };
}

const cors = (name: EmulatedName, otherwise: string) => emulator?.[name].corsInReality ?? otherwise;

const ucloudKeys = [
  { name: "publicKey", label: "Public key", secret: false },
  { name: "privateKey", label: "Private key", secret: true },
  { name: "securityToken", label: "Security token, if temporary", secret: true },
];
const ucloudOptions = [
  { name: "projectId", label: "Project id" },
  { name: "encoding", label: "Encoding", values: ["", "json", "form"] },
];
const noCors = "Expect a refusal: no CORS headers are documented.";

const local = "Local emulator";

const openstack: Cloud = {
  id: "openstack",
  label: "OpenStack",
  vendor: "openstack",
  calls: deleteMember(pool, "9a7aff27-fd41-4ec1-ba4c-3eb92c629313"),
  credentials: [
    { name: "username", label: "User", secret: false },
    { name: "password", label: "Password", secret: true },
    { name: "userDomain", label: "User's domain", secret: false },
    { name: "project", label: "Project", secret: false },
    { name: "projectDomain", label: "Project's domain", secret: false },
  ],
  options: [],
  endpointOption: "identityEndpoint",
  cors: cors("keystone", "Expect a refusal, unless the cloud's operator has set [cors] allowed_origin and lets Keystone expose X-Subject-Token."),
  start: start("keystone"),
  local,
  settleMs: 3_000,
};

/** The same with the real servers, which are only there when they were asked for. */
const realOpenstack = (): Cloud[] =>
  lab
    ? [
        {
          ...openstack,
          id: "octavia",
          label: "OpenStack, real",
          calls: deleteMember(lab.poolId, lab.members[0]?.id ?? ""),
          start: { endpoint: lab.identityEndpoint, region: lab.region, credentials: lab.credentials, options: {} },
          local: "Local Keystone and Octavia",
        },
      ]
    : [];

export const clouds: readonly Cloud[] = [
  {
    id: "alibaba",
    label: "Alibaba Cloud",
    vendor: "alibaba",
    calls: alibabaCalls,
    credentials: [
      { name: "accessKeyId", label: "AccessKey id", secret: false },
      { name: "accessKeySecret", label: "AccessKey secret", secret: true },
      { name: "securityToken", label: "Security token, if temporary", secret: true },
    ],
    options: [{ name: "signature", label: "Signature", values: ["", "rpc", "acs3"] }],
    endpointOption: "endpoint",
    cors: cors("alibaba", "Very likely answered with signature rpc, which needs no preflight: the vendor promises nothing for CLB. With acs3 expect a refusal."),
    start: start("alibaba"),
    local,
  },
  {
    id: "scloud",
    label: "SCloud",
    vendor: "scloud",
    calls: releaseBackend,
    credentials: ucloudKeys,
    options: ucloudOptions,
    endpointOption: "endpoint",
    cors: cors("scloud", noCors),
    start: start("scloud", { projectId: emulator?.scloud.projectId ?? "" }),
    local,
  },
  {
    id: "ucloud",
    label: "UCloud",
    vendor: "ucloud",
    calls: releaseBackend,
    credentials: ucloudKeys,
    options: ucloudOptions,
    endpointOption: "endpoint",
    cors: cors("ucloud", noCors),
    start: start("ucloud", { projectId: emulator?.ucloud.projectId ?? "" }),
    local,
  },
  {
    id: "otc",
    label: "Open Telekom Cloud",
    vendor: "otc",
    calls: deleteMember(pool, "cf024846-7516-4e3a-b0fb-6590322c836f"),
    credentials: [
      { name: "accessKey", label: "Access key", secret: false },
      { name: "secretKey", label: "Secret key", secret: true },
      { name: "securityToken", label: "Security token, if temporary", secret: true },
      { name: "projectId", label: "Project id", secret: false },
    ],
    options: [{ name: "signature", label: "Signature", values: ["", "access", "scoped"] }],
    endpointOption: "endpoint",
    cors: cors("otc", noCors),
    start: start("otc"),
    local,
  },
  openstack,
  ...realOpenstack(),
];
