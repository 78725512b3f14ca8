// Keys of nobody. They say that they are fake and still hold the characters that real ones hold.

export const PROJECT_ID = "0605767ab980d5762fb5c017c8d5e3fb";
/** Another project: its callers are known, and own nothing here. */
export const OTHER_PROJECT_ID = "1605767ab980d5762fb5c017c8d5e3fb";

export const ALIBABA = {
  credentials: { accessKeyId: "LTAI5tFAKEemulatorKey001", accessKeySecret: "FakeSecretOfTheEmulator0000001" },
  stsCredentials: {
    accessKeyId: "STS.NUFakeEmulatorTemporaryKey1",
    accessKeySecret: "FakeTemporarySecretOfTheEmulator00000000001=",
    securityToken: "CAISfakeEmulatorSecurityToken+with/slashes+and/pluses==",
  },
};

export const UCLOUD = {
  credentials: { publicKey: "FakeUCloudPublicKey+of/TheEmulator0001==", privateKey: "FakeUCloudPrivateKey/of+TheEmulator0001=" },
  stsCredentials: {
    publicKey: "TokenFakeUCloudKey+of/TheEmulator001==",
    privateKey: "FakeUCloudTemporarySecret+of/TheEmulator=",
    securityToken: "fake/UCloudSecurityToken+of/TheEmulator==",
  },
};

export const SCLOUD = {
  credentials: { publicKey: "FakeSCloudPublicKey/of+TheEmulator0002==", privateKey: "FakeSCloudPrivateKey+of/TheEmulator0002=" },
  stsCredentials: {
    publicKey: "TokenFakeSCloudKey/of+TheEmulator002==",
    privateKey: "FakeSCloudTemporarySecret/of+TheEmulator=",
    securityToken: "fake+SCloudSecurityToken/of+TheEmulator==",
  },
};

export const OTC = {
  credentials: { accessKey: "FAKEEMULATORAKEY0001", secretKey: "FakeSecretKeyOfTheEmulator00000000000001", projectId: PROJECT_ID },
  stsCredentials: {
    accessKey: "FAKEEMULATORTEMPKEY1",
    secretKey: "FakeTemporarySecretOfTheEmulator00000001",
    securityToken: "gQpjbi1ub3J0aC0xFakeEmulatorSecurityToken+with/slashes==",
    projectId: PROJECT_ID,
  },
  readOnlyCredentials: { accessKey: "FAKEEMULATORREADER01", secretKey: "FakeReaderSecretOfTheEmulator00000000001", projectId: PROJECT_ID },
  otherProjectCredentials: { accessKey: "FAKEEMULATOROTHER001", secretKey: "FakeOtherSecretOfTheEmulator000000000001", projectId: OTHER_PROJECT_ID },
};

export const DOMAIN = { id: "d1f0e2c3b4a5968778695a4b3c2d1e0f", name: "OTC-EU-DE-00000000001000000000" };

export const PROJECTS = [
  { id: PROJECT_ID, name: "eu-de_demo" },
  { id: OTHER_PROJECT_ID, name: "eu-de_other" },
];

export const USERS = [
  { id: "b1ae0a827df04f549842cd70478bd5aa", name: "demo", password: 'Fake-"Pässword\\1/+=', projects: [PROJECT_ID] },
  { id: "b1ae0a827df04f549842cd70478bd5ab", name: "viewer", password: "Fake-Reader-Password-2", projects: [PROJECT_ID], readOnly: true },
  { id: "b1ae0a827df04f549842cd70478bd5ac", name: "stranger", password: "Fake-Other-Password-3", projects: [OTHER_PROJECT_ID] },
];

export const APPLICATION_CREDENTIALS = [
  { id: "c1ae0a827df04f549842cd70478bd5aa", secret: "Fake-Application-Secret/+=1", userId: USERS[0].id, projectId: PROJECT_ID },
];

/** The map a cloud looks its callers up in, from credential objects as a client takes them. */
export function keyMap(idField, ...records) {
  return new Map(records.map((record) => [record[idField], record]));
}
