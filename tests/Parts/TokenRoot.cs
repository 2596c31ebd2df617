using System.Security.Cryptography;
using TrustMesh.Roots;
using TrustMesh.Roots.Software;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Parts;

/// <summary>A software key that says it is in a PKCS#11 token, as a lying device could: the silo has only words to go by.</summary>
public sealed class TokenRoot : IRoot
{
    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-token-").FullName;
    private readonly SoftwareRoot key;

    public TokenRoot() => key = SoftwareRoot.Open(new("software", "", "auto", 13, folder));

    public static TokenFacts Usual { get; } = new("Maker", "HSM 2", "1234", "3.1",
        TokenKeyAttributes.Local | TokenKeyAttributes.AlwaysSensitive | TokenKeyAttributes.NeverExtractable | TokenKeyAttributes.Sensitive | TokenKeyAttributes.KeyGenerated);

    public RootKind Kind { get; set; } = RootKind.Pkcs11;

    public TokenFacts? Facts { get; set; } = Usual;

    public AssuranceTier Tier => AssuranceTier.HardwareKey;

    public string Description => "a token of tests";

    public DeviceId Device => key.Device;

    public ReadOnlyMemory<byte> RootPublic => key.RootPublic;

    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates => [];

    public ReadOnlyMemory<byte> AttestationKey => default;

    public uint Boot => key.Boot;

    public byte[] AnswerEnrolment(EnrolChallenge challenge, ReadOnlySpan<byte> sessionSpki) => key.AnswerEnrolment(challenge, sessionSpki);

    public void Extend(ReadOnlySpan<byte> entryDigest) => key.Extend(entryDigest);

    public byte[] ReadRegister() => key.ReadRegister();

    public byte[]? Recall() => key.Recall();

    public void Remember(ReadOnlySpan<byte> memory) => key.Remember(memory);

    public Evidence Prove(EvidenceDraft draft) => key.Prove(draft);

    public void Dispose()
    {
        key.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
