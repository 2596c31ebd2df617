using System.Security.Cryptography;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Roots.Software;

/// <summary>
/// A root of trust that is none: a P-256 key in a file, for trying TrustMesh out. Whoever reads the file is the device, so its tier is
/// Software and every verdict and picture says so. Measurements go into a hash chain that every start begins anew.
/// </summary>
public sealed class SoftwareRoot : IRoot
{
    public const string KeyFileName = "identity.key";

    private readonly ECDsa key;
    private readonly byte[] thumbprint;
    private readonly FileMemory memory;
    private readonly MeasurementChain chain = new();

    private SoftwareRoot(ECDsa key, uint boot, string path)
    {
        (this.key, memory) = (key, new(Path.GetDirectoryName(path)!));
        thumbprint = KeyThumbprint.Of(key.ExportParameters(includePrivateParameters: false));
        RootPublic = key.ExportSubjectPublicKeyInfo();
        Device = DeviceId.FromRootKey(RootPublic.Span);
        Boot = boot;
        Description = $"software key in {path}: not a root of trust";
    }

    public RootKind Kind => RootKind.Software;

    public AssuranceTier Tier => AssuranceTier.Software;

    public string Description { get; }

    public DeviceId Device { get; }

    public ReadOnlyMemory<byte> RootPublic { get; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates => [];

    public ReadOnlyMemory<byte> AttestationKey => default;

    public uint Boot { get; }

    public IReadOnlyList<string> Notes { get; } = [FileMemory.Note("a software root has no other place")];

    /// <summary>Reads the key, or makes it at the first start, and counts the start before anything is signed with it.</summary>
    public static SoftwareRoot Open(RootSettings settings)
    {
        settings.Check();
        if (settings.Kind != RootSettings.SoftwareKind)
            throw new RootException($"The settings ask for a root of kind '{settings.Kind}', not for the software one. There is no fallback to it.");
        var path = Path.Combine(settings.StateDirectory, KeyFileName);
        var key = ReadKey(path) ?? MakeKey(path);
        try
        {
            return new(key, StartCounter.Next(settings.StateDirectory), path);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    public byte[] AnswerEnrolment(EnrolChallenge challenge, ReadOnlySpan<byte> sessionSpki)
        => EnrolmentAnswer.BySignature(Sign, challenge, sessionSpki);

    public void Extend(ReadOnlySpan<byte> entryDigest) => chain.Extend(entryDigest);

    public byte[] ReadRegister() => chain.Read();

    public byte[]? Recall() => memory.Recall();

    public void Remember(ReadOnlySpan<byte> memory) => this.memory.Remember(memory);

    public Evidence Prove(EvidenceDraft draft) => TokenEvidence.Make(draft, chain.Head, thumbprint, Sign);

    public void Dispose() => key.Dispose();

    private byte[] Sign(byte[] data) => key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    private static ECDsa? ReadKey(string path)
    {
        if (PrivateFile.Read(path, max: 1024) is not { } pkcs8) return null;
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out var read);
            if (read == pkcs8.Length && key.ExportParameters(false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value) return key;
            throw new CryptographicException("It is not a P-256 key, or something follows it.");
        }
        catch (CryptographicException e)
        {
            key.Dispose();
            throw new RootException($"{path} is damaged ({e.Message}) Restore it from a backup, or remove it and enrol the device anew.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private static ECDsa MakeKey(string path)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pkcs8 = key.ExportPkcs8PrivateKey();
        PrivateFile.Write(path, pkcs8);
        CryptographicOperations.ZeroMemory(pkcs8);
        return key;
    }
}
