using System.Security.Cryptography;
using TrustMesh.Roots;
using TrustMesh.Roots.Pkcs11;

namespace TrustMesh.Tests.Roots;

/// <summary>Public points as modules give them, and as none should.</summary>
public sealed class IdentityPointTests : IDisposable
{
    private static readonly byte[] P384 = [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22];

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private byte[] Bare => [4, .. key.ExportParameters(false).Q.X!, .. key.ExportParameters(false).Q.Y!];

    [Fact]
    public void Wrapped_and_bare_points_are_the_same_key()
    {
        var spki = key.ExportSubjectPublicKeyInfo();
        using var bare = IdentityPoint.Read(IdentityPoint.P256, Bare);
        using var wrapped = IdentityPoint.Read(IdentityPoint.P256, [4, 65, .. Bare]);
        Assert.Equal(spki, bare.ExportSubjectPublicKeyInfo());
        Assert.Equal(spki, wrapped.ExportSubjectPublicKeyInfo());
    }

    [Fact]
    public void A18_Every_other_encoding_is_refused()
    {
        var bare = Bare;
        byte[] off = [.. bare[..64], (byte)(bare[64] ^ 1)];
        byte[]?[] points =
        [
            null, [], bare[..64], [.. bare, 0], [2, .. bare[1..33]], [4, 33, 2, .. bare[1..33]], [4, 0x81, 65, .. bare], [4, 65, .. bare, 0], [4, 64, .. bare], [3, 66, 0, .. bare],
            [5, .. bare[1..]], [4, 65, 5, .. bare[1..]], off, new byte[65], [4, .. new byte[64]],
        ];
        Assert.All(points, point => Assert.Contains("keyLabel", Assert.Throws<RootException>(() => IdentityPoint.Read(IdentityPoint.P256, point)).Message));
    }

    [Fact]
    public void A17_Another_curve_or_parameters_of_ones_own_are_refused()
        => Assert.All((byte[]?[])[null, [], P384, [.. IdentityPoint.P256, 0], [0x30, 0]], parameters => Assert.Contains("P-256", Assert.Throws<RootException>(() => IdentityPoint.Read(parameters, Bare)).Message));

    public void Dispose() => key.Dispose();
}
