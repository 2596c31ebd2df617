using System.Security.Cryptography;
using TrustMesh.Tests.Wire;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

/// <summary>A18: trailing bytes, oversize or short r/s, non-minimal encodings, in otherwise valid statements and messages.</summary>
public sealed class A18EncodingTests
{
    public static TheoryData<WireFormat> Formats => WireFormats.Theory;

    [Theory]
    [MemberData(nameof(Formats))]
    public void A18_Refuses_trailing_bytes_after_every_message(WireFormat format)
    {
        var refused = Assert.Throws<WireException>(() => format.Recode((byte[])[.. format.Sample, 0xf6]));
        Assert.Equal(("1 bytes after the end", (long)format.Sample.Length), (refused.Problem, refused.Offset));
    }

    [Theory]
    [InlineData(63, "63 bytes, expected 64")]
    [InlineData(65, "65 bytes, expected 64")]
    [InlineData(0, "0 bytes, expected 64")]
    [InlineData(96, "96 bytes, expected 64")]
    public void A18_Refuses_a_signature_that_is_not_two_times_32_bytes(int length, string problem) => RefusedSignature(Samples.Fill(1, length), problem);

    [Fact]
    public void A18_Refuses_a_good_signature_without_the_leading_zeros_of_r()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signed = CoseSign1.Decode(CoseSigner.Sign(key, Samples.Policy.EncodePayload(), Policy.Typ));
        var signature = signed.Signature.ToArray();
        while (signature[0] != 0) signature = key.SignData(signed.ToBeSigned.Span, HashAlgorithmName.SHA256);
        Assert.True(key.VerifyData(signed.ToBeSigned.Span, signature, HashAlgorithmName.SHA256));
        RefusedSignature(signature[1..], "63 bytes, expected 64");
        RefusedSignature([0, .. signature], "65 bytes, expected 64");
    }

    [Fact]
    public void A18_Refuses_a_good_signature_in_DER()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var der = key.SignData("statement"u8, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        var refused = Assert.Throws<WireException>(() => CoseSign1.Decode(WithSignature(der)));
        Assert.Equal(("signature", $"{der.Length} bytes, expected 64"), (refused.Field, refused.Problem));
    }

    [Fact]
    public void A18_Refuses_a_protected_header_with_bytes_after_its_map()
    {
        var statement = CborNode.Parse(Samples.Statement);
        var header = statement.Children[0].Children[0];
        byte[] longer = [.. header.Content, 0xa0];
        Refused("protected header", "1 bytes after the end", statement.With(header, _ => [.. CborNode.Head(2, (ulong)longer.Length), .. longer]));
    }

    [Fact]
    public void A18_Refuses_an_algorithm_in_a_longer_form()
    {
        var statement = CborNode.Parse(Samples.Statement);
        var header = statement.Children[0].Children[0];
        var map = CborNode.Parse(header.Content);
        var changed = map.With(map.Children[1], _ => [0x38, 0x06]);
        Refused("alg", "not the shortest form", statement.With(header, _ => [.. CborNode.Head(2, (ulong)changed.Length), .. changed]));
    }

    [Fact]
    public void A18_Refuses_an_algorithm_outside_the_protected_header()
    {
        var statement = CborNode.Parse(Samples.Statement);
        Refused("unprotected header", "unknown key, or a key out of its place", statement.With(statement.Children[0].Children[1], _ => [0xa1, 0x01, 0x26]));
    }

    [Fact]
    public void A18_Refuses_a_critical_header()
    {
        var statement = CborNode.Parse(Samples.Statement);
        var header = statement.Children[0].Children[0];
        var map = CborNode.Parse(header.Content);
        // {1: -7, 2: [99], 4: kid, 16: typ}
        byte[] changed = [0xa4, 0x01, 0x26, 0x02, 0x81, 0x18, 99, .. map.Children.Skip(2).SelectMany(item => item.Encode())];
        Refused("protected header", "unknown key, or a key out of its place", statement.With(header, _ => [.. CborNode.Head(2, (ulong)changed.Length), .. changed]));
    }

    [Fact]
    public void A18_Refuses_a_detached_payload()
    {
        var statement = CborNode.Parse(Samples.Statement);
        Refused("payload", "detached, which is not allowed", statement.With(statement.Children[0].Children[2], _ => [0xf6]));
    }

    [Theory]
    [InlineData(0x11)]
    [InlineData(0x10)]
    public void A18_Refuses_another_COSE_tag(byte tag)
        => Refused("COSE_Sign1", $"tag {tag}, expected 18", [(byte)(0xc0 | tag), .. Samples.Statement[1..]]);

    [Fact]
    public void A18_Refuses_a_statement_without_its_tag()
        => Refused("COSE_Sign1", "an array, expected a tag", Samples.Statement[1..]);

    private static byte[] WithSignature(byte[] signature)
    {
        var statement = CborNode.Parse(Samples.Statement);
        return statement.With(statement.Children[0].Children[3], _ => [.. CborNode.Head(2, (ulong)signature.Length), .. signature]);
    }

    private static void RefusedSignature(byte[] signature, string problem) => Refused("signature", problem, WithSignature(signature));

    private static void Refused(string field, string problem, byte[] statement)
    {
        var refused = Assert.Throws<WireException>(() => CoseSign1.Decode(statement));
        Assert.Equal((field, problem), (refused.Field, refused.Problem));
    }
}
