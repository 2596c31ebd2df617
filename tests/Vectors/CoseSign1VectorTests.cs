using System.Security.Cryptography;
using System.Text.Json;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;

namespace TrustMesh.Tests.Vectors;

/// <summary>
/// COSE_Sign1 made by others. Our profile is narrower than COSE: what it reads has to verify, and what it refuses it refuses for the
/// named reason.
/// </summary>
public sealed class CoseSign1VectorTests
{
    [Fact]
    public void Accepts_and_verifies_the_signed_CWT_of_RFC_8392_A_3()
    {
        var vector = Read("cose-wg-Examples", "CWT", "A_3.json");
        var statement = CoseSign1.Decode(Message(vector));
        Assert.Equal(ToBeSigned(vector), Convert.ToHexString(statement.ToBeSigned.Span));
        var key = vector.GetProperty("input").GetProperty("sign0").GetProperty("key");
        Assert.True(Verifies(statement, Hex(key, "x_hex"), Hex(key, "y_hex")));
        Assert.True(statement.KeyId.IsEmpty);
        Assert.Null(statement.Typ);
    }

    [Fact]
    public void Accepts_and_verifies_a_PSA_token_of_a_real_TF_M()
    {
        var folder = Repository.Vector("veraison-psatoken");
        var statement = CoseSign1.Decode(File.ReadAllBytes(Path.Combine(folder, "psa-2_0_0_sign1.bin")));
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(folder, "public.pem")));
        Assert.True(key.VerifyData(statement.ToBeSigned.Span, statement.Signature.Span, HashAlgorithmName.SHA256));
    }

    [Theory]
    [InlineData("sign1-tests/sign-pass-01.json", "alg", "missing: protected header has no key 1 here")]
    [InlineData("sign1-tests/sign-pass-02.json", "unprotected header", "unknown key, or a key out of its place")]
    [InlineData("sign1-tests/sign-fail-01.json", "COSE_Sign1", "tag 998, expected 18")]
    [InlineData("sign1-tests/sign-fail-02.json", "unprotected header", "unknown key, or a key out of its place")]
    [InlineData("sign1-tests/sign-fail-04.json", "alg", "a text, expected an integer")]
    [InlineData("sign1-tests/sign-fail-06.json", "content type", "an unsigned integer, expected a text")]
    [InlineData("RFC8152/Appendix_C_1_1.json", "COSE_Sign1", "tag 98, expected 18")]
    [InlineData("RFC8152/Appendix_C_2_1.json", "unprotected header", "unknown key, or a key out of its place")]
    [InlineData("ecdsa-examples/ecdsa-sig-01.json", "content type", "an unsigned integer, expected a text")]
    [InlineData("ecdsa-examples/ecdsa-sig-02.json", "alg", "-35, only ES256 (-7) is allowed")]
    [InlineData("ecdsa-examples/ecdsa-sig-04.json", "alg", "-36, only ES256 (-7) is allowed")]
    [InlineData("eddsa-examples/eddsa-sig-01.json", "alg", "-8, only ES256 (-7) is allowed")]
    [InlineData("x509-examples/signed-04.json", "COSE_Sign1", "tag 98, expected 18")]
    [InlineData("CWT/A_4.json", "COSE_Sign1", "tag 17, expected 18")]
    [InlineData("CWT/A_6.json", "COSE_Sign1", "tag 16, expected 18")]
    [InlineData("CWT/A_7.json", "COSE_Sign1", "tag 17, expected 18")]
    public void Refuses_what_our_profile_does_not_read(string file, string field, string problem)
    {
        var vector = Read(["cose-wg-Examples", .. file.Split('/')]);
        var refused = Assert.Throws<WireException>(() => CoseSign1.Decode(Message(vector)));
        Assert.Equal((field, problem), (refused.Field, refused.Problem));
    }

    [Theory]
    [InlineData("sign1-verify-0000.json", "unprotected header", "unknown key, or a key out of its place")]
    [InlineData("sign1-verify-0001.json", "content type", "an unsigned integer, expected a text")]
    [InlineData("sign1-verify-0003.json", "alg", "-36, only ES256 (-7) is allowed")]
    [InlineData("sign1-verify-0004.json", "alg", "-37, only ES256 (-7) is allowed")]
    [InlineData("sign1-verify-0006.json", "alg", "-39, only ES256 (-7) is allowed")]
    public void Refuses_the_gluecose_statements_for_what_our_profile_does_not_read(string file, string field, string problem)
    {
        var hex = Read("gluecose-test-vectors", file).GetProperty("sign1::verify").GetProperty("taggedCOSESign1").GetProperty("cborHex").GetString()!;
        var refused = Assert.Throws<WireException>(() => CoseSign1.Decode(Convert.FromHexString(hex)));
        Assert.Equal((field, problem), (refused.Field, refused.Problem));
    }

    /// <summary>The unprotected kid is not under the signature. Without it the statements fit our profile, and their signatures tell.</summary>
    [Theory]
    [InlineData("RFC8152/Appendix_C_2_1.json", true)]
    [InlineData("sign1-tests/sign-fail-02.json", false)]
    [InlineData("sign1-tests/sign-pass-02.json", false)]
    public void Without_their_unprotected_kid_they_verify_or_not_as_they_should(string file, bool verifies)
    {
        var vector = Read(["cose-wg-Examples", .. file.Split('/')]);
        var hex = Convert.ToHexString(Message(vector));
        Assert.Contains("A104423131", hex);
        var statement = CoseSign1.Decode(Convert.FromHexString(hex.Replace("A104423131", "A0")));
        var key = vector.GetProperty("input").GetProperty("sign0").GetProperty("key");
        Assert.Equal(verifies, Verifies(statement, Base64(key, "x"), Base64(key, "y")));
        // sign-fail-02 changed the payload after signing, sign-pass-02 signs external data, which our profile has none of.
        Assert.Equal(verifies, ToBeSigned(vector) == Convert.ToHexString(statement.ToBeSigned.Span));
    }

    [Fact]
    public void Refuses_a_tagged_CWT()
    {
        var refused = Assert.Throws<WireException>(() => CoseSign1.Decode(File.ReadAllBytes(Repository.Vector("ietf-rats-wg-eat", "valid_cwt.cbor"))));
        Assert.Equal(("COSE_Sign1", "tag 61, expected 18"), (refused.Field, refused.Problem));
    }

    [Theory]
    [InlineData("signed-good-corim.cbor")]
    [InlineData("signed-corim-with-extensions.cbor")]
    public void Refuses_a_signed_CoRIM_with_the_older_meta_header(string file)
    {
        var refused = Assert.Throws<WireException>(() => CoseSign1.Decode(File.ReadAllBytes(Repository.Vector("veraison-corim", "corim", file))));
        // Header 4 is a kid of one byte where we want a thumbprint; header 8 (corim-meta) after it is the older draft's.
        Assert.Equal(("kid", "1 bytes, expected 32"), (refused.Field, refused.Problem));
    }

    private static bool Verifies(CoseSign1 statement, byte[] x, byte[] y)
    {
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = x, Y = y } });
        return key.VerifyData(statement.ToBeSigned.Span, statement.Signature.Span, HashAlgorithmName.SHA256);
    }

    private static JsonElement Read(params string[] path) => JsonDocument.Parse(File.ReadAllText(Repository.Vector(path))).RootElement;

    private static byte[] Message(JsonElement vector) => Hex(vector.GetProperty("output"), "cbor");

    private static string ToBeSigned(JsonElement vector) => vector.GetProperty("intermediates").GetProperty("ToBeSign_hex").GetString()!.ToUpperInvariant();

    private static byte[] Hex(JsonElement at, string name) => Convert.FromHexString(at.GetProperty(name).GetString()!);

    private static byte[] Base64(JsonElement at, string name) => System.Buffers.Text.Base64Url.DecodeFromChars(at.GetProperty(name).GetString());
}
