using TrustMesh.Wire;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Roots.Tpm;

/// <summary>
/// The attestation key on disk: wrapped by the TPM, so useless elsewhere, and still private. Big-endian: "tmak", version u16 = 1,
/// NV index of the EK's certificate u32, then as TPM2B the EK's Name, the TPMT_PUBLIC and the private blob.
/// </summary>
/// <param name="Template">Certificate index of the EK the key hangs under.</param>
/// <param name="EndorsementName">Name of that EK: another TPM, or a TPM whose seed was replaced, has another.</param>
public sealed record AttestationKeyFile(uint Template, ReadOnlyMemory<byte> EndorsementName, TpmPublic Public, ReadOnlyMemory<byte> Private)
{
    public const string FileName = "attestation.key";

    private const uint Magic = 0x746d616b;
    private const ushort Version = 1;
    private const int MaxSize = 4096;

    /// <summary>Null where there is none yet. A damaged file is never replaced by a new key on its own: that would be another enrolment.</summary>
    public static AttestationKeyFile? Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (PrivateFile.Read(path, MaxSize) is not { } content) return null;
        try
        {
            return Decode(content);
        }
        catch (WireException e)
        {
            throw new RootException($"{path} is damaged ({e.Message}). Restore it from a backup, or remove it and enrol the device anew.", e);
        }
    }

    public void Write(string directory) => PrivateFile.Write(Path.Combine(directory, FileName), Encode());

    internal byte[] Encode() => new TpmWriter().U32(Magic).U16(Version).U32(Template)
        .Sized(EndorsementName.Span).Sized(Public.Bytes.Span).Sized(Private.Span).ToArray();

    internal static AttestationKeyFile Decode(ReadOnlyMemory<byte> content)
    {
        var reader = new TpmReader(content);
        if (reader.U32("magic") != Magic) throw new WireException("magic", 0, "not an attestation key file");
        var version = reader.U16("version");
        if (version != Version) throw new WireException("version", 4, $"{version}, expected {Version}");
        var template = reader.U32("template");
        var name = reader.Sized("endorsement name", 66);
        var key = TpmPublic.Decode(reader.Sized("public", TpmPublic.MaxSize));
        var wrapped = reader.Sized("private", 1024);
        reader.End("attestation key file");
        return new(template, name, key, wrapped);
    }
}
