using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

/// <summary>The answer to an EnrolChallenge. PROTOCOL.md section 7.</summary>
public sealed record ActivateRequest(
    ReadOnlyMemory<byte> EnrolmentId,
    ReadOnlyMemory<byte> Proof)
{
    private const int HmacSize = 32, SignatureSize = 64;

    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(stackalloc byte[128]);
        writer.WriteMap(2);
        writer.WriteKey(1);
        writer.WriteBytes("enrolment id", EnrolmentId, EnrolChallenge.IdSize);
        writer.WriteKey(2);
        writer.WriteBytes("proof", Proof, Proof.Length == HmacSize ? HmacSize : SignatureSize);
        return writer.ToArray("ActivateRequest", Caps.Body);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static ActivateRequest Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "ActivateRequest", Caps.Body);
        var map = reader.ReadMap("ActivateRequest", 2);
        reader.Key(ref map, 1, "enrolment id");
        var id = reader.ReadBytes("enrolment id", EnrolChallenge.IdSize);
        reader.Key(ref map, 2, "proof");
        var start = reader.Offset;
        var proof = reader.ReadBytes("proof", HmacSize, SignatureSize);
        if (proof.Length is not (HmacSize or SignatureSize))
            throw new WireException("proof", start, $"{proof.Length} bytes, expected {HmacSize} (HMAC) or {SignatureSize} (ES256)");
        reader.EndMap(ref map);
        reader.End("ActivateRequest");
        return new(id, proof);
    }
}
