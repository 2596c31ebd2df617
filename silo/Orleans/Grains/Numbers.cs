using System.Security.Cryptography;

namespace TrustMesh.Orleans.Grains;

/// <summary>Where the numbers of a feed begin: somewhere else for each activation, so that a number of another one is no number of this one.</summary>
internal static class Numbers
{
    public static long Start() => RandomNumberGenerator.GetInt32(int.MaxValue) * (1L << 21);
}
