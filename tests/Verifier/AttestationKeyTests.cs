using System.Security.Cryptography;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Verifier;

public sealed class AttestationKeyTests
{
    [Fact]
    public void Many_threads_verify_with_one_key()
    {
        using var signer = new ShapeSigner();
        byte[] good = [1, 2, 3], bad = [1, 2, 4];
        var signature = TpmSignature.Decode(signer.Sign(good), 32);
        Parallel.For(0, 2_000, new() { MaxDegreeOfParallelism = 8 }, i =>
        {
            Assert.True(signer.Key.Verify(good, signature));
            Assert.False(signer.Key.Verify(bad, signature));
        });
    }

    [Theory]
    [InlineData(256)]
    [InlineData(384)]
    public void Keys_and_their_public_areas_describe_the_same_key(int bits)
    {
        using var key = ECDsa.Create(bits == 256 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384);
        var spki = AttestationKey.FromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo());
        var point = key.ExportParameters(false).Q;
        var area = new TpmWriter().Alg(TpmAlg.Ecc).Alg(TpmAlg.Sha256).U32(0x00050072).Sized([]).Alg(TpmAlg.Null).Alg(TpmAlg.EcDsa).Alg(bits == 256 ? TpmAlg.Sha256 : TpmAlg.Sha384)
            .U16((ushort)(bits == 256 ? TpmCurve.P256 : TpmCurve.P384)).Alg(TpmAlg.Null).Sized(point.X).Sized(point.Y).ToArray();
        var tpm = AttestationKey.FromTpmPublic(TpmPublic.Decode(area));
        Assert.Equal(spki.SubjectPublicKeyInfo.ToArray(), tpm.SubjectPublicKeyInfo.ToArray());
        Assert.Equal(spki.Thumbprint.ToArray(), tpm.Thumbprint.ToArray());
        Assert.Equal(($"P-{bits} ECDSA", bits / 8), (spki.Algorithm, spki.FieldSize));
        Assert.Equal(bits == 256 ? 32 : 0, tpm.Thumbprint.Length);
    }

    [Fact]
    public void A_P384_key_signs_quotes_but_no_statements()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var open = AttestationKey.FromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo());
        Assert.True(open.Verify("attest"u8, new(TpmAlg.EcDsa, TpmAlg.Sha384, key.SignData("attest"u8, HashAlgorithmName.SHA384))));
        Assert.False(open.VerifyEs256("data"u8, key.SignData("data"u8, HashAlgorithmName.SHA256)));
    }
}
