using System.Security.Cryptography;
using System.Text;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Wire;

/// <summary>One value of each message, the same at every run. Signatures in them are filler: here it is the encoding that counts.</summary>
public static class Samples
{
    private const long Now = 1_790_000_000;

    public static DeviceId Device { get; } = DeviceId.FromRootKey("device"u8);

    public static DeviceId Challenger { get; } = DeviceId.FromRootKey("challenger"u8);

    public static byte[] P256Key { get; } = Spki(
        ECCurve.NamedCurves.nistP256,
        "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");

    public static byte[] P384Key { get; } = Spki(
        ECCurve.NamedCurves.nistP384,
        "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
        "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f");

    public static byte[] RsaKey { get; } = RsaSpki();

    public static ChallengeLeaf Leaf { get; } = new(
        Fill(1, 32), Challenger, Device, AttesterRole.TlsClient, Fill(2, 32), Fill(3, 32), ChannelBindingType.Finished, Fill(4, 48));

    public static ChallengeLeaf UnboundLeaf { get; } = Leaf with
    {
        Role = AttesterRole.TlsServer, BindingType = ChannelBindingType.None, BindingValue = default,
    };

    public static Claims Claims { get; } = new(Device, Fill(5, 32), Leaf.LeafHash(), Now, 86_400, 7, "trustmesh-agent", "0.1.0", null, null);

    public static Claims TokenClaims { get; } = Claims with
    {
        ExtraData = ChallengeLeaf.TokenExtraData(AttesterRole.TlsClient, Claims.Challenge.Span), LogHead = new(2, Fill(6, 32)),
    };

    public static LogEntry FileEntry { get; } = new(0, LogEntryKind.File, "/etc/pump.conf", SHA256.HashData("speed=3\n"u8));

    public static LogEntry AbsentEntry { get; } = new(1, LogEntryKind.Absent, "/etc/ställe.d/extra", default);

    public static LogEntry EventEntry { get; } = new(2, LogEntryKind.Event, "configuration", SHA256.HashData("reloaded"u8));

    public static LogTail Log { get; } = new(7, 0, [FileEntry.Encode(), AbsentEntry.Encode(), EventEntry.Encode()]);

    public static InclusionProof Proof { get; } = new(2, 5, [Fill(7, 32), Fill(8, 32), Fill(9, 32)]);

    public static QuoteEvidence Quote { get; } = new(
        Fill(10, 145), Fill(11, 72), [new(0, Fill(12, 32)), new(7, Fill(13, 32)), new(13, Fill(14, 32))]);

    public static Evidence Evidence { get; } = new(Claims.Encode(), null, Quote, new(0, 1, []), Log);

    public static Evidence TokenEvidence { get; } = Token();

    public static Challenge Challenge { get; } = new(Fill(15, 32), Challenger, 0x000b, [0, 7, 13], 7, 3, 60);

    public static Receipt Receipt { get; } = new(Standing.Active, Fill(16, 120), 30, Challenge.Encode(), null);

    public static EnrolRequest EnrolTpm { get; } = new(
        Fill(17, 32), "pump-07", "north", "traffic-sensor", RootKind.Tpm, Fill(18, 120), [Fill(19, 600), Fill(20, 300)], Fill(21, 88));

    public static EnrolRequest EnrolSoftware { get; } = new(null, "pump-08", "north", "traffic-sensor", RootKind.Software, P256Key, [], default);

    public static EnrolChallenge EnrolChallengeTpm { get; } = new(Fill(22, 16), Fill(23, 68), Fill(24, 256), default);

    public static EnrolChallenge EnrolChallengeNonce { get; } = new(Fill(22, 16), default, default, Fill(25, 32));

    public static ActivateRequest ActivateTpm { get; } = new(Fill(22, 16), Fill(26, 32));

    public static ActivateRequest ActivateSigned { get; } = new(Fill(22, 16), Fill(27, 64));

    public static Membership Membership { get; } = new(
        "mesh-north", Device, "pump-07", "north", "traffic-sensor", AssuranceTier.TpmQuote, P256Key, Fill(22, 16), 4711,
        "https://silo.north.example/status/1", Now, Now + 86_400);

    public static Policy Policy { get; } = new(
        "mesh-north", "default", 3, 0x000b, [0, 7, 13], 13, 600, 30, [AssuranceTier.HardwareKey, AssuranceTier.TpmQuote], true,
        ["/var/log/**", "/etc/*.d/local"], [0x0000_0001_0002_0003, ulong.MaxValue], TrustTier.Contraindicated, Now, Now + 31_536_000);

    public static ReferenceValues References { get; } = new(
        "mesh-north", "traffic-sensor", "traffic-sensor", 4,
        new Dictionary<string, IReadOnlyList<ReadOnlyMemory<byte>>> { ["/etc/pump.conf"] = [Fill(30, 32), Fill(31, 32)], ["/usr/bin/pump"] = [Fill(32, 32)] },
        new Dictionary<int, IReadOnlyList<ReadOnlyMemory<byte>>> { [0] = [Fill(33, 32)], [7] = [Fill(34, 32), Fill(35, 32)] },
        Now + 31_536_000);

    public static AttestationResult Result { get; } = new(
        Device, AssuranceTier.TpmQuote, TrustTier.Contraindicated, new Dictionary<int, int> { [0] = 2, [2] = 33, [3] = 96, [6] = -1 }, "default", 3, 4, 7,
        Fill(5, 32), Fill(28, 32), Fill(29, 32),
        [new("file.digest", "/etc/pump.conf", "51d8", "9a3c", "reference traffic-sensor #4", Outcome.Fail), new("quote.nonce", "extraData", "7c11", "7c11", "PROTOCOL 4", Outcome.Pass)],
        Now, Now + 600);

    public static byte[] Statement { get; } = CoseSign1.Prepare(Policy.EncodePayload(), Fill(36, 32), Policy.Typ).Complete(Fill(37, 64));

    public static byte[] StatementWithChain { get; } =
        CoseSign1.Prepare(Result.EncodePayload(), Fill(36, 32), AttestationResult.Typ).Complete(Fill(37, 64), [Fill(38, 300), Fill(39, 280)]);

    public static byte[] CorimStatement { get; } =
        CoseSign1.Prepare(References.EncodePayload(), Fill(36, 32), ReferenceValues.Typ, References.Meta).Complete(Fill(37, 64));

    public static Bundle Bundle { get; } = new(
        Evidence.Encode(), Leaf.Encode(), Now, Fill(42, 200), Statement, CorimStatement, StatementWithChain, P256Key, Log.Entries, P256Key, Fill(43, 88));

    /// <summary>Bytes that look like nothing and are the same at every run.</summary>
    public static byte[] Fill(int seed, int count)
    {
        var bytes = new List<byte>(count + 32);
        for (var block = 0; bytes.Count < count; block++) bytes.AddRange(SHA256.HashData(Encoding.ASCII.GetBytes($"{seed}/{block}")));
        return [.. bytes.Take(count)];
    }

    private static Evidence Token()
    {
        var claims = TokenClaims.Encode();
        var token = CoseSign1.Prepare(claims, Fill(36, 32), Evidence.TokenTyp).Complete(Fill(37, 64));
        return new(claims, token, null, new(0, 1, []), Log);
    }

    private static byte[] Spki(ECCurve curve, string x, string y)
    {
        using var key = ECDsa.Create(new ECParameters { Curve = curve, Q = new() { X = Convert.FromHexString(x), Y = Convert.FromHexString(y) } });
        return key.ExportSubjectPublicKeyInfo();
    }

    private static byte[] RsaSpki()
    {
        var modulus = Fill(44, 256);
        modulus[0] |= 0x80;
        modulus[^1] |= 1;
        using var key = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = [1, 0, 1] });
        return key.ExportSubjectPublicKeyInfo();
    }
}
