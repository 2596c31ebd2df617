using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

/// <summary>The verdict as EAR. PROTOCOL.md section 10.</summary>
/// <param name="Vector">AR4SI category (0..7) to claim value (-128..127).</param>
/// <param name="Because">At most <see cref="Caps.FindingCount"/>.</param>
public sealed partial record AttestationResult(
    DeviceId Device,
    AssuranceTier Tier,
    TrustTier Status,
    IReadOnlyDictionary<int, int> Vector,
    string PolicyId,
    long PolicySerial,
    long ReferenceSerial,
    uint Boot,
    ReadOnlyMemory<byte> SessionKeyThumbprint,
    ReadOnlyMemory<byte> Challenge,
    ReadOnlyMemory<byte> EvidenceDigest,
    IReadOnlyList<Finding> Because,
    long IssuedAt,
    long ExpiresAt)
{
    /// <summary>Value of the protected typ header.</summary>
    public const string Typ = "application/eat+cwt";

    /// <summary>The EAR profile (draft-ietf-rats-ear).</summary>
    public const string Profile = "tag:ietf.org,2026:rats/ear#03";

    private const string Developer = "TrustMesh", Build = "tm/1", Submodule = "device";

    private const int ProfileKey = 265, SubmodulesKey = 266, VerifierKey = 1004, DetailKey = -70_030;

    /// <summary>The payload that is signed.</summary>
    public byte[] EncodePayload()
    {
        var writer = new StrictCborWriter(new byte[2048]);
        writer.WriteMap(8);
        writer.WriteKey(4);
        writer.WriteTime("exp", ExpiresAt);
        writer.WriteKey(6);
        writer.WriteTime("iat", IssuedAt);
        writer.WriteKey(8);
        Confirmation.WriteThumbprint(ref writer, SessionKeyThumbprint);
        writer.WriteKey(10);
        writer.WriteBytes("eat_nonce", Challenge, Caps.Hash);
        writer.WriteKey(ProfileKey);
        writer.WriteText("eat_profile", Profile);
        writer.WriteKey(SubmodulesKey);
        writer.WriteMap(1);
        writer.WriteKey(Submodule);
        WriteAppraisal(ref writer);
        writer.WriteKey(VerifierKey);
        writer.WriteMap(2);
        writer.WriteKey(0);
        writer.WriteText("developer", Developer);
        writer.WriteKey(1);
        writer.WriteText("build", Build);
        writer.WriteKey(DetailKey);
        WriteDetail(ref writer);
        return writer.ToArray("result", Caps.Result);
    }

    /// <summary>Reads the payload of a statement whose signature was checked by the caller; throws <see cref="WireException"/>.</summary>
    public static AttestationResult DecodePayload(ReadOnlyMemory<byte> payload)
    {
        var reader = new StrictCborReader(payload, "result", Caps.Result);
        var map = reader.ReadMap("result", 8);
        reader.Key(ref map, 4, "exp");
        var expiresAt = reader.ReadTime("exp");
        reader.Key(ref map, 6, "iat");
        var issuedAt = reader.ReadTime("iat");
        reader.Key(ref map, 8, "cnf");
        var thumbprint = Confirmation.ReadThumbprint(ref reader);
        reader.Key(ref map, 10, "eat_nonce");
        var challenge = reader.ReadBytes("eat_nonce", Caps.Hash);
        reader.Key(ref map, ProfileKey, "eat_profile");
        reader.ReadFixed("eat_profile", Profile);
        reader.Key(ref map, SubmodulesKey, "submods");
        var (status, vector, policy) = ReadAppraisal(ref reader);
        reader.Key(ref map, VerifierKey, "verifier id");
        ReadVerifier(ref reader);
        reader.Key(ref map, DetailKey, "detail");
        var result = ReadDetail(ref reader) with
        {
            Status = status, Vector = vector, PolicyId = policy, SessionKeyThumbprint = thumbprint, Challenge = challenge,
            IssuedAt = issuedAt, ExpiresAt = expiresAt,
        };
        reader.EndMap(ref map);
        reader.End("result");
        return result;
    }

    private static void ReadVerifier(ref StrictCborReader reader)
    {
        var map = reader.ReadMap("verifier id", 2);
        reader.Key(ref map, 0, "developer");
        reader.ReadFixed("developer", Developer);
        reader.Key(ref map, 1, "build");
        reader.ReadFixed("build", Build);
        reader.EndMap(ref map);
    }
}
