// Every operation against the emulator: the answer is typed as documented, the change is made and
// nothing else, in every form that a request or an answer can have.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CALLS, FORMS, IDS, emulator, named } from "./cloud.mjs";
import { checkError, errorOf, settled, unpool, watchStrays } from "./support.mjs";

watchStrays();
const cloud = emulator();

const ALIBABA_FORMS = [{}, { format: "xml" }, { signature: "acs3" }, { signature: "acs3", format: "xml" }];
const UUID = /^[0-9A-F-]{36}$/i;

async function removed(name, work) {
  const state = () => cloud.control.state()[name].backends;
  const before = state();
  const answer = await settled(work());
  const after = state();
  return { answer, gone: before.filter((line) => !after.includes(line)), left: after.length };
}

for (const form of ALIBABA_FORMS) {
  for (const role of ["alibaba", "alibaba sts"]) {
    describe(named(role, form), () => {
      it("RemoveBackendServers, objects", async () => {
        const operation = unpool.alibaba.removeBackendServers({
          loadBalancerId: IDS.loadBalancer,
          backendServers: [{ serverId: "i-bp1fq61enf4loa5i0000", type: "ecs", weight: "100" }, { serverId: "eni-2ze1sdp50001", type: "eni", serverIp: "192.168.0.31" }],
        });
        const { answer, gone } = await removed("alibaba", () => cloud.client(role, form).send(operation));
        assert.deepEqual(gone, [`${IDS.loadBalancer} default ecs i-bp1fq61enf4loa5i0000 192.168.0.20 weight=100`, `${IDS.loadBalancer} default eni eni-2ze1sdp50001 192.168.0.31 weight=100`]);
        assert.equal(answer.loadBalancerId, IDS.loadBalancer);
        assert.match(answer.requestId, UUID);
        assert.deepEqual(answer.backendServers[1], { serverId: "i-bp1fq61enf4loa5i0002", type: "ecs", weight: 10, description: "spare <&> standby" });
      });

      it("RemoveBackendServers, bare ids of another region with an owner", async () => {
        const operation = unpool.alibaba.removeBackendServers({ regionId: "cn-east-hangzhou-01", loadBalancerId: "139a00604ad-cn-east-hangzhou-01", backendServers: ["vm-233", "vm-234"], ownerAccount: "OwnerAccount" });
        const { answer, gone } = await removed("alibaba", () => cloud.client(role, form).send(operation));
        assert.equal(gone.length, 2);
        assert.deepEqual(answer.backendServers.map(({ serverId }) => serverId), ["vm-231", "vm-232"]);
      });

      it("RemoveBackendServers of the last ones answers an empty list", async () => {
        const operation = unpool.alibaba.removeBackendServers({ regionId: "cn-east-hangzhou-01", loadBalancerId: "139a00604ad-cn-east-hangzhou-01", backendServers: ["vm-231", "vm-232", "vm-233", "vm-234"] });
        const answer = await settled(cloud.client(role, form).send(operation));
        assert.deepEqual(answer.backendServers, []);
      });

      it("RemoveVServerGroupBackendServers", async () => {
        const operation = unpool.alibaba.removeVServerGroupBackendServers({
          vServerGroupId: IDS.group,
          backendServers: [{ serverId: "i-bp1fq61enf4loa5i0000", port: 8080, type: "ecs" }, { serverId: "eni-2ze1sdp50000", port: "80", type: "eni", serverIp: "172.16.6.1" }],
        });
        const { answer, gone } = await removed("alibaba", () => cloud.client(role, form).send(operation));
        assert.equal(gone.length, 2);
        assert.equal(answer.vServerGroupId, IDS.group);
        assert.deepEqual(answer.backendServers[0], { serverId: "i-bp1fq61enf4loa5i0000", port: 80, type: "ecs", weight: 100 });
      });

      it("DescribeLoadBalancerAttribute", async () => {
        const answer = await settled(cloud.client(role, form).send(unpool.alibaba.describeLoadBalancerAttribute({ loadBalancerId: IDS.loadBalancer })));
        const { requestId, backendServers, ...rest } = answer;
        assert.match(requestId, UUID);
        assert.deepEqual(rest, {
          loadBalancerId: IDS.loadBalancer,
          loadBalancerName: "shop",
          loadBalancerStatus: "active",
          regionId: "cn-hangzhou",
          address: "203.0.113.10",
          listenerPortsAndProtocol: [{ listenerPort: 80, listenerProtocol: "http" }, { listenerPort: 443, listenerProtocol: "tcp" }],
        });
        assert.equal(backendServers.length, 6);
        assert.deepEqual(backendServers[2], { serverId: "i-bp1fq61enf4loa5i0002", serverIp: "192.168.0.22", type: "ecs", weight: 10, description: "spare <&> standby" });
      });

      it("DescribeVServerGroupAttribute", async () => {
        const answer = await settled(cloud.client(role, form).send(unpool.alibaba.describeVServerGroupAttribute({ vServerGroupId: IDS.group })));
        assert.equal(answer.vServerGroupName, "checkout");
        assert.equal(answer.loadBalancerId, IDS.loadBalancer);
        assert.deepEqual(answer.backendServers.map(({ port }) => port), [80, 8080, 80, 80, 80, 8000]);
      });

      it("an unknown load balancer", async () => {
        const error = await errorOf(() => cloud.client(role, form).send(unpool.alibaba.describeLoadBalancerAttribute({ loadBalancerId: "lb-none" })));
        checkError(error, { kind: "not-found", code: "InvalidLoadBalancerId.NotFound", httpStatus: 404, sent: true, vendor: "alibaba", operation: "DescribeLoadBalancerAttribute" });
        assert.match(error.requestId, UUID);
      });

      it("an unknown vServer group, which has no code of its own", async () => {
        const operation = unpool.alibaba.removeVServerGroupBackendServers({ vServerGroupId: "rsp-none", backendServers: [{ serverId: "i-1", port: 1 }] });
        checkError(await errorOf(() => cloud.client(role, form).send(operation)), { kind: "not-found", code: "InvalidParameter", httpStatus: 404 });
      });
    });
  }
}

for (const name of ["ucloud", "scloud"]) {
  for (const role of [name, `${name} sts`]) {
    for (const encoding of ["json", "form"]) {
      describe(`${role} ${encoding}`, () => {
        it("ReleaseBackend", async () => {
          const { answer, gone } = await removed(name, () => cloud.client(role, { encoding }).send(unpool.ucloud.releaseBackend({ ulbId: IDS.ulb, backendId: "backend-1a2b" })));
          assert.deepEqual(gone, ["ulb-5xyz vserver-http backend-1a2b 10.9.1.11:80"]);
          assert.equal(answer.retCode, 0);
          assert.match(answer.requestId, UUID);
        });

        it("ReleaseBackend of a backend that a rule uses: 4110", async () => {
          const error = await errorOf(() => cloud.client(role, { encoding }).send(unpool.ucloud.releaseBackend({ ulbId: IDS.ulb, backendId: "backend-3c4d" })));
          checkError(error, { kind: "invalid-input", code: "4110", httpStatus: 200, sent: true, retryable: false, vendor: name, operation: "ReleaseBackend", hint: /rules/ });
          assert.match(error.requestId, UUID);
        });

        it("ReleaseBackend of an unknown backend: 4093", async () => {
          const error = await errorOf(() => cloud.client(role, { encoding }).send(unpool.ucloud.releaseBackend({ ulbId: IDS.ulb, backendId: "backend-none" })));
          checkError(error, { kind: "not-found", code: "4093", sent: true, hint: /backendId/ });
        });

        it("DescribeVServer", async () => {
          const answer = await settled(cloud.client(role, { encoding }).send(unpool.ucloud.describeVServer({ ulbId: IDS.ulb })));
          assert.equal(answer.totalCount, 3);
          const [http] = answer.dataSet;
          assert.equal(http.vServerId, "vserver-http");
          assert.equal(http.frontendPort, 80);
          assert.equal(http.clientTimeout, 60);
          assert.deepEqual(http.backendSet[0], {
            backendId: "backend-1a2b", resourceType: "UHost", resourceId: "uhost-web1", resourceName: "web-1", subResourceType: "", subResourceId: "",
            privateIp: "10.9.1.11", port: 80, enabled: 1, status: 0, weight: 1, isBackup: 0, subnetId: "subnet-emulator", vpcId: "uvnet-emulator",
          });
          assert.deepEqual(http.policySet[0].backendSet, [{ backendId: "backend-3c4d", objectId: "uhost-web2", privateIp: "10.9.1.12", port: 80 }]);
          assert.deepEqual(answer.dataSet[2].policySet, []);
        });

        it("DescribeVServer of one VServer, and of an unknown one", async () => {
          const client = cloud.client(role, { encoding });
          const one = await settled(client.send(unpool.ucloud.describeVServer({ ulbId: IDS.ulb, vServerId: "vserver-tcp" })));
          assert.deepEqual(one.dataSet.map(({ vServerId }) => vServerId), ["vserver-tcp"]);
          checkError(await errorOf(() => client.send(unpool.ucloud.describeVServer({ ulbId: IDS.ulb, vServerId: "vserver-none" }))), { kind: "not-found", code: "4103" });
        });

        it("DescribeVServer page by page", async () => {
          const client = cloud.client(role, { encoding });
          const whole = await settled(client.send(unpool.ucloud.describeVServer({ ulbId: IDS.ulb })));
          for (const [limit, requests] of [[1, 3], [2, 2], ["3", 1]]) {
            cloud.control.log().length = 0;
            const paged = await settled(client.send(unpool.ucloud.describeVServer({ ulbId: IDS.ulb, limit })));
            assert.deepEqual(paged.dataSet, whole.dataSet);
            assert.equal(cloud.control.log().length, requests);
          }
          const rest = await settled(client.send(unpool.ucloud.describeVServer({ ulbId: IDS.ulb, limit: 1, offset: 1 })));
          assert.deepEqual(rest.dataSet, whole.dataSet.slice(1));
        });

        it("an unknown project", async () => {
          const error = await errorOf(() => cloud.client(role, { encoding, projectId: "org-none" }).send(CALLS.ucloud.removal));
          checkError(error, { kind: "not-found", code: "292", hint: /projectId/ });
        });
      });
    }
  }
}

const OTC = [["otc", {}], ["otc", { signature: "scoped" }], ["otc sts", {}], ["otc sts", { signature: "scoped" }], ["keystone", {}]];
for (const [kind, more] of OTC) {
  describe(named(kind, more), () => {
    const vendor = kind === "keystone" ? "openstack" : "otc";

    it("DeleteMember", async () => {
      const { answer, gone } = await removed("otc", () => cloud.client(kind, more).send(unpool.openstack.deleteMember({ poolId: IDS.pool, memberId: IDS.member })));
      assert.deepEqual(gone, [`${IDS.pool} ${IDS.member} 10.0.0.11:80 weight=1`]);
      assert.match(answer.requestId, /^[0-9a-f]{32}$/);
    });

    it("ListMembers", async () => {
      const answer = await settled(cloud.client(kind, more).send(unpool.openstack.listMembers({ poolId: IDS.pool })));
      assert.equal(answer.members.length, 5);
      assert.deepEqual(answer.members[3], {
        id: "1bf2a1f5-7b1c-4a26-8f0f-0d8ef3a4a1c4", name: "web-4", address: "10.0.0.14", protocolPort: 80, weight: 10, adminStateUp: true,
        subnetId: "823d5866-6e30-45c2-9b1a-a1ebc3757fdb", operatingStatus: "ONLINE", projectId: cloud.info.otc.projectId, tags: [],
      });
    });

    it("ListMembers page by page, and never where a link leads", async () => {
      const urls = [];
      const fetch = (url, init) => {
        urls.push(url);
        return globalThis.fetch(url, init);
      };
      const client = cloud.client(kind, { ...more, fetch });
      const whole = await settled(client.send(unpool.openstack.listMembers({ poolId: IDS.pool })));
      for (const [limit, requests] of [[1, 5], [2, 3], ["5", 1]]) {
        cloud.control.log().length = 0;
        const paged = await settled(client.send(unpool.openstack.listMembers({ poolId: IDS.pool, limit })));
        assert.deepEqual(paged.members, whole.members);
        assert.equal(cloud.control.log().length, requests);
      }
      const rest = await settled(client.send(unpool.openstack.listMembers({ poolId: IDS.pool, limit: 1, marker: whole.members[0].id })));
      assert.deepEqual(rest.members, whole.members.slice(1));
      const hosts = new Set(urls.map((url) => new URL(url).origin));
      for (const host of hosts) assert.ok([cloud.info.otc.url, cloud.info.keystone.url].includes(host), host);
    });

    it("an unknown pool and an unknown member", async () => {
      const client = cloud.client(kind, more);
      checkError(await errorOf(() => client.send({ ...CALLS.otc.read, poolId: "none" })), { kind: "not-found", code: "ELB.8904", httpStatus: 404, sent: true, vendor });
      const error = await errorOf(() => client.send({ ...CALLS.otc.removal, memberId: "none" }));
      checkError(error, { kind: "not-found", operation: "DeleteMember", hint: /memberId/ });
      assert.match(error.requestId, /^[0-9a-f]{32}$/);
    });
  });
}

describe("what the credentials may not do", () => {
  for (const kind of ["otc reader", "keystone reader"]) {
    it(`${kind}: reading yes, removing no`, async () => {
      const client = cloud.client(kind);
      assert.equal((await settled(client.send(CALLS.otc.read))).members.length, 5);
      checkError(await errorOf(() => client.send(CALLS.otc.removal)), { kind: "forbidden", code: "ELB.9802", httpStatus: 403, hint: /elb:members:delete/ });
    });
  }

  const CODES = { alibaba: "SignatureDoesNotMatch", ucloud: "171", scloud: "171", otc: "APIGW.0301" };
  const SECRETS = { alibaba: "accessKeySecret", ucloud: "privateKey", scloud: "privateKey", otc: "secretKey" };
  for (const [kind, more] of FORMS.filter(([kind]) => kind in CODES)) {
    it(`${named(kind, more)}: a wrong secret`, async () => {
      const before = cloud.control.state();
      const credentials = { ...cloud.info[kind].credentials, [SECRETS[kind]]: "wrong-secret" };
      for (const operation of Object.values(CALLS[kind])) {
        const error = await errorOf(() => cloud.client(kind, { ...more, credentials }).send(operation));
        checkError(error, { kind: "auth", code: CODES[kind], sent: true, retryable: false, hint: new RegExp(SECRETS[kind]) });
      }
      assert.deepEqual(cloud.control.state(), before);
    });
  }
});
