using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

/// <summary>What only the claimed root can answer: a TPM credential, or a nonce to sign. PROTOCOL.md section 7.</summary>
public sealed record EnrolChallenge(
    ReadOnlyMemory<byte> EnrolmentId,
    ReadOnlyMemory<byte> CredentialBlob,
    ReadOnlyMemory<byte> EncryptedSecret,
    ReadOnlyMemory<byte> Nonce)
{
    /// <summary>Bytes of an enrolment id.</summary>
    public const int IdSize = 16;

    private const int CredentialSize = 1024;

    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(stackalloc byte[512]);
        var tpm = Nonce.IsEmpty;
        writer.WriteMap(tpm ? 3 : 2);
        writer.WriteKey(1);
        writer.WriteBytes("enrolment id", EnrolmentId, IdSize);
        if (tpm)
        {
            writer.WriteKey(2);
            writer.WriteBytes("credential blob", CredentialBlob, 1, CredentialSize);
            writer.WriteKey(3);
            writer.WriteBytes("encrypted secret", EncryptedSecret, 1, CredentialSize);
        }
        else
        {
            if (!CredentialBlob.IsEmpty || !EncryptedSecret.IsEmpty) throw new ArgumentException("A challenge is either a credential or a nonce.");
            writer.WriteKey(4);
            writer.WriteBytes("nonce", Nonce, Caps.Hash);
        }
        return writer.ToArray("EnrolChallenge", Caps.Body);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static EnrolChallenge Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "EnrolChallenge", Caps.Body);
        var map = reader.ReadMap("EnrolChallenge", 3);
        reader.Key(ref map, 1, "enrolment id");
        var id = reader.ReadBytes("enrolment id", IdSize);
        ReadOnlyMemory<byte> blob = default, secret = default, nonce = default;
        if (reader.TryKey(ref map, 2))
        {
            blob = reader.ReadBytes("credential blob", 1, CredentialSize);
            reader.Key(ref map, 3, "encrypted secret");
            secret = reader.ReadBytes("encrypted secret", 1, CredentialSize);
        }
        else
        {
            reader.Key(ref map, 4, "nonce");
            nonce = reader.ReadBytes("nonce", Caps.Hash);
        }
        reader.EndMap(ref map);
        reader.End("EnrolChallenge");
        return new(id, blob, secret, nonce);
    }
}
