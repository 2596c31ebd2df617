using System.Security.Cryptography;

namespace TrustMesh.Orleans.Grains;

/// <summary>Where the numbers of a feed begin: somewhere else for each activation, so that a number of another one is no number of this one.</summary>
internal static class Numbers
{
    public static DateTimeOffset Start() => DateTimeOffset.FromUnixTimeMilliseconds(RandomNumberGenerator.GetInt32(int.MaxValue) * 1_000L);
}
