using System.Security.Cryptography;
using TrustMesh.Wire.Cose;

namespace TrustMesh.Tests.Wire;

public sealed class KeyThumbprintTests
{
    /// <summary>The example of RFC 9679 section 6.</summary>
    [Fact]
    public void Is_that_of_RFC_9679()
    {
        var thumbprint = KeyThumbprint.Of(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new()
            {
                X = Convert.FromHexString("65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d"),
                Y = Convert.FromHexString("1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c"),
            },
        });
        Assert.Equal("496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec", Convert.ToHexStringLower(thumbprint));
    }

    [Fact]
    public void Is_the_same_from_a_SubjectPublicKeyInfo()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Span<byte> thumbprint = stackalloc byte[32];
        Assert.True(KeyThumbprint.TryOfSpki(key.ExportSubjectPublicKeyInfo(), thumbprint));
        Assert.Equal(KeyThumbprint.Of(key.ExportParameters(false)), thumbprint);
    }

    [Fact]
    public void There_is_none_of_other_keys_and_encodings()
    {
        Span<byte> thumbprint = stackalloc byte[32];
        Assert.False(KeyThumbprint.TryOfSpki(Samples.P384Key, thumbprint));
        Assert.False(KeyThumbprint.TryOfSpki(Samples.RsaKey, thumbprint));
        Assert.False(KeyThumbprint.TryOfSpki([.. Samples.P256Key, 0], thumbprint));
        Assert.False(KeyThumbprint.TryOfSpki([], thumbprint));
        var compressed = Samples.P256Key.ToArray();
        compressed[26] = 0x03;
        Assert.False(KeyThumbprint.TryOfSpki(compressed, thumbprint));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Throws<ArgumentException>(() => KeyThumbprint.Of(key.ExportParameters(false)));
    }
}
