using System.Security.Cryptography;
using TrustMesh.Roots;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>A software root in memory: no TPM, no file. What it signs is what <see cref="Roots.Software.SoftwareRoot"/> signs.</summary>
internal sealed class SimulatedRoot : IRoot
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] thumbprint;
    private MeasurementChain chain = new();
    private byte[]? memory;

    public SimulatedRoot()
    {
        thumbprint = KeyThumbprint.Of(key.ExportParameters(false));
        RootPublic = key.ExportSubjectPublicKeyInfo();
        Device = DeviceId.FromRootKey(RootPublic.Span);
    }

    public RootKind Kind => RootKind.Software;

    public AssuranceTier Tier => AssuranceTier.Software;

    public string Description => "simulated: a key in memory";

    public DeviceId Device { get; }

    public ReadOnlyMemory<byte> RootPublic { get; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates => [];

    public ReadOnlyMemory<byte> AttestationKey => default;

    public uint Boot { get; private set; } = 1;

    /// <summary>As after a start of the machine: a new measurement log.</summary>
    public void Reboot() => (Boot, chain) = (Boot + 1, new());

    public byte[] AnswerEnrolment(EnrolChallenge challenge, ReadOnlySpan<byte> sessionSpki) => EnrolmentAnswer.BySignature(Sign, challenge, sessionSpki);

    public void Extend(ReadOnlySpan<byte> entryDigest) => chain.Extend(entryDigest);

    public byte[] ReadRegister() => chain.Read();

    public byte[]? Recall() => memory;

    public void Remember(ReadOnlySpan<byte> memory) => this.memory = memory.ToArray();

    public Evidence Prove(EvidenceDraft draft) => TokenEvidence.Make(draft, chain.Head, thumbprint, Sign);

    public void Dispose() => key.Dispose();

    private byte[] Sign(byte[] data) => key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}
