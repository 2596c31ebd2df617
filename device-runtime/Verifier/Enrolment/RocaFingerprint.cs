using System.Collections.Immutable;
using System.Numerics;

namespace TrustMesh.Verifier;

/// <summary>
/// The fingerprint of RSA keys made by a faulty library of one vendor (ROCA, CVE-2017-15361; attack A19): their primes have the form
/// <c>k · M + (65537^a mod M)</c>, so that the modulus is a power of 65537 modulo every small prime. A good key passes all 17 by chance once in
/// more than 10^8 keys.
/// </summary>
public static class RocaFingerprint
{
    private static readonly ImmutableArray<(int Prime, UInt128 Lower, UInt128 Upper)> Powers = [.. new[] { 11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157 }.Select(PowersOf)];

    /// <param name="modulus">Big-endian.</param>
    public static bool Matches(ReadOnlySpan<byte> modulus)
    {
        var number = new BigInteger(modulus, isUnsigned: true, isBigEndian: true);
        if (number.IsZero) return false;
        foreach (var (prime, lower, upper) in Powers)
        {
            var rest = (int)(number % prime);
            var set = rest < 128 ? lower >> rest : upper >> (rest - 128);
            if ((set & 1) == 0) return false;
        }
        return true;
    }

    /// <summary>The powers of 65537 modulo a prime below 256, as a set of bits.</summary>
    private static (int, UInt128, UInt128) PowersOf(int prime)
    {
        UInt128 lower = 0, upper = 0;
        var power = 1;
        do
        {
            if (power < 128) lower |= UInt128.One << power;
            else upper |= UInt128.One << (power - 128);
            power = (int)((long)power * 65537 % prime);
        }
        while (power != 1);
        return (prime, lower, upper);
    }
}
