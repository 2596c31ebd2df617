using System.Numerics;
using System.Security.Cryptography;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

/// <summary>A19: keys a vendor made weak, firmware with known leaks.</summary>
public sealed class A19WeakKeyTests
{
    [Fact]
    public void A19_Firmware_of_the_deny_list_is_contraindicated()
    {
        var judged = new EvidenceCase { Attest = quote => quote with { FirmwareVersion = 0xbad } }.IsJudged(TrustTier.Contraindicated, "firmware.denied");
        Assert.Equal(96, judged.Verdict.Vector[4]);
    }

    [Fact]
    public void A19_Finds_the_fingerprint_of_the_faulty_library()
    {
        // Primes as the library makes them: k · M + (65537^a mod M), M the product of the first 39 primes (512-bit keys; larger ones use larger M).
        Assert.True(RocaFingerprint.Matches(Weak(3, 5).ToByteArray(isUnsigned: true, isBigEndian: true)));
    }

    [Fact]
    public void A19_Leaves_good_keys_alone()
    {
        for (var i = 0; i < 3; i++)
        {
            using var rsa = RSA.Create(2048);
            Assert.False(RocaFingerprint.Matches(rsa.ExportParameters(false).Modulus));
        }
    }

    [Fact]
    public void A19_An_empty_modulus_has_no_fingerprint() => Assert.False(RocaFingerprint.Matches([]));

    /// <summary>The fingerprint does not depend on the factors being prime, only on their form.</summary>
    private static BigInteger Weak(int a, int b)
    {
        int[] primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167];
        var m = primes.Aggregate(BigInteger.One, (product, prime) => product * prime);
        var p = BigInteger.Pow(2, 800) / m * m + BigInteger.ModPow(65537, a, m);
        var q = BigInteger.Pow(2, 801) / m * m + BigInteger.ModPow(65537, b, m);
        return p * q;
    }
}
