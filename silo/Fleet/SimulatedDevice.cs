using System.Security.Cryptography;
using System.Text;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Fleet;

/// <summary>
/// A fake device: its key is in memory, and what it measures is made up. Its evidence is in the exact format of a real one, and everything that happens to
/// that is real. One key stands for root, attestation and session. Whoever uses it holds <see cref="Gate"/>.
/// </summary>
internal sealed class SimulatedDevice : IDisposable
{
    public const string File = "/opt/simulated/app.conf";

    private const int Pcr = 13;

    private static readonly string[] s_files = [File, "/opt/simulated/bin/app", "/etc/trustmesh/agent.json"];

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly SimulatedTpm? tpm;
    private readonly byte[] spki;
    private readonly byte[] thumbprint;
    private readonly List<ReadOnlyMemory<byte>> log = [];
    private byte[] register = new byte[32];
    private ulong clock = 1000;
    private long verdicts;

    public SimulatedDevice(int number, int seed, string site, string model, AssuranceTier tier, Fate fate)
    {
        (Number, Site, Model, Tier, Fate) = (number, site, model, tier, fate);
        Name = $"sim-{model}-{number:d5}";
        // The id is made of the seed and the number alone, so that the same fleet stands at the same places.
        Id = DeviceId.FromRootKey(Encoding.ASCII.GetBytes($"simulated {seed} {number}"));
        spki = key.ExportSubjectPublicKeyInfo();
        thumbprint = KeyThumbprint.Of(key.ExportParameters(false));
        tpm = tier == AssuranceTier.TpmQuote ? new(key) : null;
        foreach (var file in s_files) Measure(file, $"{model} {file}");
        if (fate == Fate.Tampered) Tamper();
    }

    public SemaphoreSlim Gate { get; } = new(1, 1);

    public int Number { get; }

    public DeviceId Id { get; }

    public string Name { get; }

    public string Site { get; }

    public string Model { get; }

    public AssuranceTier Tier { get; }

    /// <summary>What it is at now.</summary>
    public Fate Fate { get; private set; }

    public bool IsActive => Fate is Fate.Well or Fate.Tampered;

    /// <summary>SubjectPublicKeyInfo of its only key.</summary>
    public ReadOnlyMemory<byte> Key => spki;

    public Enrolment Enrolment(DateTimeOffset at) => new(
        SHA256.HashData(Id.Text.Select(letter => (byte)letter).ToArray())[..16], Id, tpm is null ? Tier == AssuranceTier.Software ? RootKind.Software : RootKind.Pkcs11 : RootKind.Tpm, Tier,
        SHA256.HashData(spki), tpm?.PublicArea ?? spki, "simulated: there is no such device, and its key is in memory", Name, Site, Model, Number, "simulated fleet", at);

    /// <summary>A measured file is changed, or put right again.</summary>
    public void Tamper()
    {
        Fate = Fate.Tampered;
        Measure(File, $"changed {log.Count}");
    }

    public void Mend()
    {
        Fate = Fate.Well;
        Measure(File, $"{Model} {File}");
    }

    /// <summary>Evidence that answers the leaf; the log from <paramref name="from"/> on.</summary>
    public byte[] Prove(ChallengeLeaf leaf, int from, DateTimeOffset now)
    {
        var challenge = leaf.LeafHash();
        var claims = new Claims(Id, thumbprint, challenge, now.ToUnixTimeSeconds(), 100, 1, "trustmesh-simulated", "0.1.0", null, null);
        var tail = new LogTail(1, from, [.. log.Skip(from)]);
        var proof = new InclusionProof(0, 1, []);
        if (tpm is not null)
        {
            var plain = claims.Encode();
            return new Evidence(plain, null, tpm.Quote(ChallengeLeaf.QuoteExtraData(leaf.Role, challenge, plain), Pcr, register, clock += 10), proof, tail).Encode();
        }
        var signed = (claims with { ExtraData = ChallengeLeaf.TokenExtraData(leaf.Role, challenge), LogHead = new LogHead(log.Count, register) }).Encode();
        var statement = CoseSign1.Prepare(signed, thumbprint, Evidence.TokenTyp);
        return new Evidence(signed, statement.Complete(key.SignData(statement.ToBeSigned.ToArray(), HashAlgorithmName.SHA256)), null, proof, tail).Encode();
    }

    /// <summary>Its word about another, as that one is.</summary>
    public (PeerVerdict Verdict, byte[] Signed) Judge(SimulatedDevice other, DateTimeOffset now, int lifetime)
    {
        var status = other.Fate == Fate.Tampered ? TrustTier.Contraindicated : other.Tier == AssuranceTier.Software ? TrustTier.Warning : TrustTier.Affirming;
        Finding[] because = status == TrustTier.Contraindicated
            ? [new("file", File, "a reference value", "another content (simulated)", $"reference values of {other.Model}", Outcome.Fail)]
            : status == TrustTier.Warning ? [new("tier", "assurance tier", "a key in hardware", "software (simulated)", "policy default", Outcome.Warn)] : [];
        var verdict = new PeerVerdict(
            Id, ++verdicts, new byte[32], other.Id, other.Tier, status, new Dictionary<int, int> { [0] = 2 }, "default", 1, 1, 1, 1, other.thumbprint, 20 + (Number % 180), 30, because,
            now.ToUnixTimeSeconds(), now.ToUnixTimeSeconds() + lifetime);
        return (verdict, CoseSigner.Sign(key, verdict.EncodePayload(), PeerVerdict.Typ));
    }

    public void Dispose()
    {
        Gate.Dispose();
        key.Dispose();
    }

    private void Measure(string file, string content)
    {
        var entry = new LogEntry(log.Count, LogEntryKind.File, file, SHA256.HashData(Encoding.UTF8.GetBytes(content))).Encode();
        log.Add(entry);
        register = SHA256.HashData([.. register, .. SHA256.HashData(entry)]);
    }
}
