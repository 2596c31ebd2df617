using System.Security.Cryptography;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Silo;
using TrustMesh.Roots;
using TrustMesh.Roots.Software;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Bench;

/// <summary>
/// A simulated device for load: a software root, ten measured files, one connection over the agent's own client code, and no waiting between proofs.
/// </summary>
internal sealed class LoadDevice : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-load-").FullName;
    private readonly SessionKey session = new(TimeProvider.System);
    private readonly IRoot root;
    private readonly List<ReadOnlyMemory<byte>> log = [];
    private SiloConnection? connection;
    private byte[] authority = [];
    private Challenge? next;

    public LoadDevice()
    {
        root = SoftwareRoot.Open(new("software", "", "auto", 13, folder));
        for (var i = 0; i < 10; i++)
        {
            var entry = new LogEntry(i, LogEntryKind.File, $"/opt/bench/file-{i}", SHA256.HashData([(byte)i])).Encode();
            log.Add(entry);
            root.Extend(SHA256.HashData(entry));
        }
    }

    public DeviceId Id => root.Device;

    public async Task JoinAsync(Uri silo, JoinToken token, string name)
    {
        authority = token.AuthorityPin;
        connection = await SiloConnection.OpenAsync(silo, authority, session, TimeProvider.System, CancellationToken.None);
        var request = new EnrolRequest(token.Secret, name, "lab", "bench", root.Kind, root.RootPublic, root.Certificates, root.AttestationKey);
        var challenge = EnrolChallenge.Decode(await PostAsync("/device/v1/enrol", request.Encode()));
        var proof = root.AnswerEnrolment(challenge, session.SpkiHash);
        EnrolResult.Decode(await PostAsync("/device/v1/enrol/activate", new ActivateRequest(challenge.EnrolmentId, proof).Encode()));
        await AskAsync();
    }

    /// <summary>A new connection, to this or another silo.</summary>
    public async Task ConnectAsync(Uri silo)
    {
        connection?.Dispose();
        connection = null;
        connection = await SiloConnection.OpenAsync(silo, authority, session, TimeProvider.System, CancellationToken.None);
        await AskAsync();
    }

    /// <summary>Breaks the connection off.</summary>
    public void Hang() => connection?.Dispose();

    /// <summary>One evidence, accepted and durable, or an exception.</summary>
    public async Task ProveAsync()
    {
        var challenge = next!;
        var leaf = new ChallengeLeaf(challenge.Nonce, challenge.Challenger, root.Device, AttesterRole.TlsClient, session.SpkiHash, connection!.SiloSpki, connection.BindingType, connection.Binding);
        var claims = new Claims(root.Device, session.Thumbprint, leaf.LeafHash(), 1_790_000_000, 100, root.Boot, "trustmesh-bench", "0.1.0", null, null);
        var from = challenge.Boot == root.Boot ? challenge.LogCursor : 0;
        var evidence = root.Prove(new(AttesterRole.TlsClient, claims, challenge.Bank, challenge.Pcrs, new InclusionProof(0, 1, []), new LogTail(root.Boot, from, [.. log.Skip(from)])));
        next = Challenge.Decode(Receipt.Decode(await PostAsync("/device/v1/evidence", evidence.Encode())).NextChallenge);
    }

    public void Dispose()
    {
        connection?.Dispose();
        root.Dispose();
        session.Dispose();
        Directory.Delete(folder, true);
    }

    private async Task AskAsync() => next = Challenge.Decode(await PostAsync("/device/v1/challenge", new ChallengeRequest(root.Device).Encode()));

    private Task<byte[]> PostAsync(string path, byte[] body) => connection!.PostAsync(path, body, CancellationToken.None);
}
