// What every program here does with its copy of unpool: signs a given operation in three ways.
exports.input = JSON.parse(process.env.INPUT);

exports.sign = ({ Client, alibaba, signAlibabaRpc }, { client: options, parameters, stamp, signer }) => {
  const client = new Client(options);
  const operation = alibaba.removeVServerGroupBackendServers(parameters);
  const { method, url, body } = client.sign(operation, stamp);
  const explained = client.explain(operation, stamp).stages.map(({ name }) => name);
  client.free();
  return { method, url, body, explained, alone: signAlibabaRpc(signer) };
};
