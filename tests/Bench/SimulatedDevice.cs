using System.Security.Cryptography;
using TrustMesh.Fleet;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Bench;

/// <summary>A device with a <see cref="SimulatedTpm"/>, ten measured files and a session key, as the verifier sees it.</summary>
internal sealed class SimulatedDevice : IDisposable
{
    public const int Pcr = 13;
    public const string Model = "bench";

    private readonly SimulatedTpm tpm = new();
    private readonly ECDsa session = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] register = new byte[32];
    private readonly List<ReadOnlyMemory<byte>> log = [];
    private ulong clock = 1000;

    public SimulatedDevice()
    {
        SessionSpki = session.ExportSubjectPublicKeyInfo();
        Id = DeviceId.FromRootKey(SessionSpki);
        Enrolled = new(Id, new byte[16], AssuranceTier.TpmQuote, Model, AttestationKey.FromTpmPublic(TpmPublic.Decode(tpm.PublicArea)));
        for (var i = 0; i < 10; i++)
        {
            var digest = SHA256.HashData([(byte)i]);
            Files[$"/opt/bench/file-{i}"] = [digest];
            var entry = new LogEntry(i, LogEntryKind.File, $"/opt/bench/file-{i}", digest).Encode();
            log.Add(entry);
            SHA256.HashData([.. register, .. SHA256.HashData(entry)], register);
        }
    }

    public DeviceId Id { get; }

    public byte[] SessionSpki { get; }

    public EnrolledDevice Enrolled { get; }

    public Dictionary<string, IReadOnlyList<ReadOnlyMemory<byte>>> Files { get; } = [];

    /// <summary>A leaf as a silo would make it for this device.</summary>
    public ChallengeLeaf Leaf()
        => new(RandomNumberGenerator.GetBytes(32), DeviceId.FromRootKey([0]), Id, AttesterRole.TlsClient, SHA256.HashData(SessionSpki), new byte[32],
            ChannelBindingType.Finished, RandomNumberGenerator.GetBytes(48));

    /// <summary>Evidence answering the leaf; the log from <paramref name="from"/> on.</summary>
    public Evidence Prove(ChallengeLeaf leaf, int from)
    {
        var challenge = leaf.LeafHash();
        var claims = new Claims(Id, KeyThumbprint.Of(session.ExportParameters(false)), challenge, 1_790_000_000, 100, 1, "trustmesh-agent", "0.1.0", null, null).Encode();
        var quote = tpm.Quote(ChallengeLeaf.QuoteExtraData(leaf.Role, challenge, claims), Pcr, register, clock += 10);
        return new(claims, null, quote, new InclusionProof(0, 1, []), new LogTail(1, from, [.. log.Skip(from)]));
    }

    public void Dispose()
    {
        tpm.Dispose();
        session.Dispose();
    }
}
