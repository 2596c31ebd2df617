using System.Security.Cryptography;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Wire;

public sealed class RoundTripTests
{
    [Theory]
    [MemberData(nameof(WireFormats.Theory), MemberType = typeof(WireFormats))]
    public void Encoding_what_was_decoded_gives_the_same_bytes(WireFormat format)
        => Assert.Equal(format.Sample, format.Recode(format.Sample));

    [Fact]
    public void Evidence_keeps_every_field()
    {
        var read = Evidence.Decode(Samples.Evidence.Encode());
        Assert.Equal(Samples.Evidence.ClaimsBytes, read.ClaimsBytes);
        Assert.Null(read.Token);
        Assert.Equal(Samples.Quote.Attest, read.Quote!.Attest);
        Assert.Equal(Samples.Quote.Signature, read.Quote.Signature);
        Assert.Equal([0, 7, 13], read.Quote.Values.Select(value => value.Index));
        Assert.Equal(Samples.Quote.Values[2].Value, read.Quote.Values[2].Value);
        Assert.Equal((0, 1), (read.Proof.Index, read.Proof.Size));
        Assert.Equal(Samples.Log.Entries.Select(Hex), read.Log.Entries.Select(Hex));
        Assert.Equal((7u, 0), (read.Log.Boot, read.Log.From));
    }

    [Fact]
    public void The_token_of_a_root_without_quotes_carries_the_claims()
    {
        var read = Evidence.Decode(Samples.TokenEvidence.Encode());
        Assert.Null(read.Quote);
        Assert.Equal(Samples.TokenClaims.Encode(), read.ClaimsBytes.ToArray());
        Assert.Equal(read.ClaimsBytes, CoseSign1.Decode(read.Token!.Value).Payload);
    }

    [Fact]
    public void Claims_keep_every_field()
    {
        var read = Claims.Decode(Samples.TokenClaims.Encode());
        Assert.Equal(Hex(Samples.TokenClaims.SessionKeyThumbprint), Hex(read.SessionKeyThumbprint));
        Assert.Equal(Hex(Samples.TokenClaims.Challenge), Hex(read.Challenge));
        Assert.Equal(Hex(Samples.TokenClaims.ExtraData!.Value), Hex(read.ExtraData!.Value));
        Assert.Equal(Hex(Samples.TokenClaims.LogHead!.Head), Hex(read.LogHead!.Head));
        Assert.Equal(
            (Samples.Device, 1_790_000_000L, 86_400L, 7u, "trustmesh-agent", "0.1.0", 2),
            (read.Device, read.IssuedAt, read.UptimeSeconds, read.BootCount, read.SoftwareName, read.SoftwareVersion, read.LogHead.Count));
    }

    [Fact]
    public void Reference_values_take_issuer_and_expiry_from_the_protected_header()
    {
        var statement = CoseSign1.Decode(Samples.CorimStatement);
        var read = ReferenceValues.DecodePayload(statement.Payload, statement.Corim!);
        Assert.Equal(("mesh-north", Samples.References.ExpiresAt), (read.Issuer, read.ExpiresAt));
        Assert.Equal(("traffic-sensor", "traffic-sensor", 4L), (read.Id, read.Model, read.Serial));
        Assert.Equal(Samples.References.Files["/usr/bin/pump"].Select(Hex), read.Files["/usr/bin/pump"].Select(Hex));
        Assert.Equal(2, read.Registers[7].Count);
    }

    [Fact]
    public void A_signed_statement_verifies_with_the_key_its_kid_names()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var statement = CoseSign1.Decode(CoseSigner.Sign(key, Samples.Policy.EncodePayload(), Policy.Typ));
        Assert.True(key.VerifyData(statement.ToBeSigned.Span, statement.Signature.Span, HashAlgorithmName.SHA256));
        Assert.Equal(KeyThumbprint.Of(key.ExportParameters(false)), statement.KeyId.ToArray());
        Assert.Equal(Policy.Typ, statement.Typ);
    }

    [Fact]
    public void Attestation_result_keeps_its_vector_and_because_list()
    {
        var read = AttestationResult.DecodePayload(Samples.Result.EncodePayload());
        Assert.Equal(Samples.Result.Vector.OrderBy(claim => claim.Key), read.Vector.OrderBy(claim => claim.Key));
        Assert.Equal(Samples.Result.Because, read.Because);
        Assert.Equal(TrustTier.Contraindicated, read.Status);
    }

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);
}
