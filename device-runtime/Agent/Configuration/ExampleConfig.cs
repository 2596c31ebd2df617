namespace TrustMesh.Agent.Configuration;

/// <summary>What <c>trustmesh-agent config example</c> prints: a configuration that is read as it stands.</summary>
public static class ExampleConfig
{
    public const string Text = """
        {
          // How this device is called in the mesh: small letters, digits, dots and dashes.
          "name": "press-1",
          "site": "oslo",
          // Devices of one model share reference values.
          "model": "press",

          // Where the agent keeps its own files (mode 0700). Losing it on a TPM device costs nothing but a new enrolment.
          "state": "/var/lib/trustmesh-agent",

          // The silo's device address, and the join token an operator made with: trustmesh enroll token create
          // The file should be 0600 and may be removed once the device has joined. Without this line the agent takes
          // TRUSTMESH_JOIN_TOKEN or systemd's credential "join-token".
          // A mesh of several silos: ["https://silo-1.example:7443", "https://silo-2.example:7443"], at most eight. Any of them will
          // do; devices share them, and go on to the next when theirs does not answer.
          "silo": "https://silo.example:7443",
          "joinTokenFile": "/etc/trustmesh/join-token",

          // "software" is for trying things out: everybody will see that the device has no hardware root.
          "root": {
            "kind": "tpm",
            "tpm": "device:/dev/tpmrm0",   // or unix:/run/swtpm.sock, tcp:127.0.0.1:2321
            "endorsementKey": "auto",      // ecc-p256, ecc-p384, rsa-2048
            "measurementPcr": 13           // never 16 or 23: those can be reset
          },
          // A PKCS#11 token (HSM, security key, smart card) instead. Without "pinFile" (0600) the agent takes systemd's credential
          // "pkcs11-pin" or TRUSTMESH_PKCS11_PIN; without "token" (label or serial number) the only one that is there.
          // "root": {
          //   "kind": "pkcs11",
          //   "module": "/usr/lib/softhsm/libsofthsm2.so",
          //   "token": "press-1",
          //   "pinFile": "/etc/trustmesh/pin",
          //   "keyLabel": "trustmesh"
          // },

          // A file is named "prefix/path below root", so that devices keeping the same files elsewhere share reference values.
          // * and ? stay within a path segment, ** crosses segments. A symlink is measured as a link; name its target too.
          "measure": [
            { "root": "/", "files": ["etc/trustmesh/*.json", "etc/ssh/sshd_config"] },
            { "root": "/opt/press", "prefix": "/app", "files": ["bin/**", "press.conf"] }
          ],

          "intervalFloorSeconds": 1,       // never prove more often than this, whatever the silo asks
          "rescanMinutes": 10,             // read every measured file again this often

          // Where this device meets its peers: it examines them and is examined, with or without a silo. Leave "peer" out and
          // it does neither; leave "listen" out and it is examined only where it dials. "addresses" is what peers are told to
          // dial, at most four; it is only needed when "listen" does not say it, as 0.0.0.0 does not.
          "peer": {
            "listen": "0.0.0.0:7444",
            "addresses": ["press-1.example:7444"]
          },

          // "nftables": the kernel lets in whom this device has accepted, for as long as that counts, and drops everyone else
          // but those in "allow": an address or network, or one with protocol and port, like "10.0.0.9 tcp 22". It needs
          // CAP_NET_ADMIN; the systemd drop-in trustmesh-agent-admission.conf grants it. "off": applications ask the agent.
          "admission": {
            "mode": "off",
            "allow": ["10.1.0.0/16"]
          },

          // Where applications on this device ask "may I talk to this peer?". Whoever may write the socket may ask. Left out,
          // it is door.sock in the state directory, for the agent's own user.
          "socket": {
            "path": "/run/trustmesh/agent.sock",
            "mode": "0660"
          },

          // Verdicts wait here for a silo that is away; the oldest make room and are counted.
          "outboxMegabytes": 8
        }

        """;
}
