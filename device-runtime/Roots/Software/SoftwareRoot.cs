using System.Buffers.Binary;
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
    public const string KeyFileName = "identity.key", StartsFileName = "starts", MemoryFileName = "memory";

    private readonly ECDsa key;
    private readonly byte[] thumbprint;
    private readonly string memoryPath;
    private byte[] head = new byte[32];
    private int count;

    private SoftwareRoot(ECDsa key, uint boot, string path)
    {
        this.key = key;
        thumbprint = KeyThumbprint.Of(key.ExportParameters(includePrivateParameters: false));
        RootPublic = key.ExportSubjectPublicKeyInfo();
        Device = DeviceId.FromRootKey(RootPublic.Span);
        Boot = boot;
        Description = $"software key in {path}: not a root of trust";
        memoryPath = Path.Combine(Path.GetDirectoryName(path)!, MemoryFileName);
    }

    public RootKind Kind => RootKind.Software;

    public AssuranceTier Tier => AssuranceTier.Software;

    public string Description { get; }

    public DeviceId Device { get; }

    public ReadOnlyMemory<byte> RootPublic { get; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates => [];

    public ReadOnlyMemory<byte> AttestationKey => default;

    public uint Boot { get; }

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
            return new(key, CountStart(Path.Combine(settings.StateDirectory, StartsFileName)), path);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    public byte[] AnswerEnrolment(EnrolChallenge challenge, ReadOnlySpan<byte> sessionSpki)
        => EnrolmentAnswer.BySignature(key, challenge.EnrolmentId.Span, challenge.Nonce.Span, sessionSpki);

    public void Extend(ReadOnlySpan<byte> entryDigest)
    {
        if (entryDigest.Length != 32) throw new ArgumentException("A SHA-256 digest has 32 bytes.", nameof(entryDigest));
        head = SHA256.HashData([.. head, .. entryDigest]);
        count++;
    }

    public byte[] ReadRegister() => [.. head];

    public byte[]? Recall() => PrivateFile.Read(memoryPath, max: 32) is { Length: 32 } memory ? memory : null;

    public void Remember(ReadOnlySpan<byte> memory) => PrivateFile.Write(memoryPath, memory);

    /// <summary>The claims with extra data and log head, as a CWT signed by the identity key (PROTOCOL.md section 5).</summary>
    public Evidence Prove(EvidenceDraft draft)
    {
        var claims = (draft.Claims with
        {
            ExtraData = ChallengeLeaf.TokenExtraData(draft.Role, draft.Claims.Challenge.Span),
            LogHead = new(count, ReadRegister()),
        }).Encode();
        var statement = CoseSign1.Prepare(claims, thumbprint, "application/eat+cwt");
        var signature = key.SignData(statement.ToBeSigned.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return new(claims, statement.Complete(signature), null, draft.Proof, draft.Log);
    }

    public void Dispose() => key.Dispose();

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

    /// <summary>Big-endian u32. Saved before it is used: a number is never handed out twice.</summary>
    private static uint CountStart(string path)
    {
        var bytes = PrivateFile.Read(path, max: 4) ?? new byte[4];
        if (bytes.Length != 4) throw new RootException($"{path} is damaged ({bytes.Length} bytes, expected 4). Restore it from a backup, or remove the state directory and enrol the device anew.");
        var starts = checked(BinaryPrimitives.ReadUInt32BigEndian(bytes) + 1);
        BinaryPrimitives.WriteUInt32BigEndian(bytes, starts);
        PrivateFile.Write(path, bytes);
        return starts;
    }
}
